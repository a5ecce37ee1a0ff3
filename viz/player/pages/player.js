"use strict";
// The transport of a player: buttons, slider, speed, keys, touch and links move through the frames
// of a stage, which shows them.
//
// A stage is what stages[data.kind](data, root, goTo) gives, where goTo(i) shows frame i. It has
//   count            how many frames there are,
//   show(i, from)    shows frame i; `from` is the frame that is seen so far, -1 at first,
//   label(i)         what stands beside the slider,
//   sentence(i)      what a screen reader says;
// and it may have
//   split            the first frame of the second half, in the other colour,
//   pace             milliseconds for each frame at speed 1,
//   next(i), previous(i)  where forward and back lead, if not to the next frame,
//   hold(i, go)      true: wait before frame i is shown, until go() is called or another is chosen,
//   choices          switches: [{name, key, hint, on, choose(on)}], which are given their `button`,
//   keys             more keys: {key: [what it does, function]},
//   close()          closes what is open, as Escape asks; true if something was.
const stages = {};

document.addEventListener("DOMContentLoaded", async () => {
  play(await unpacked(document.getElementById("player-data").textContent), document.querySelector(".player"));
});

async function unpacked(text) {
  const packed = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function play(data, player) {
  const find = (name) => player.querySelector(name);
  // Until here, and without scripts, it is a picture.
  player.classList.add("running");
  const stage = stages[data.kind](data, find(".stage"), (i) => jump(i));
  const slider = find(".slider"), place = find(".place"), speed = find(".speed select");
  const last = stage.count - 1;
  let at = -1, timer = 0, playing = false;

  function show(i) {
    i = Math.max(0, Math.min(last, i));
    stage.show(i, at);
    at = i;
    slider.value = i;
    const label = stage.label(i);
    slider.setAttribute("aria-valuetext", label);
    place.textContent = label;
    find(".sentence").textContent = stage.sentence(i);
    for (const name of [".first", ".back"]) find(name).setAttribute("aria-disabled", i === 0);
    for (const name of [".forward", ".last"]) find(name).setAttribute("aria-disabled", i === last);
    linkTo(place, i);
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    if (playing && at < last) timer = setTimeout(forward, (stage.pace ?? 1000) / speed.value);
    else set(false);
  }

  function set(on) {
    if (!on) clearTimeout(timer);
    playing = on;
    player.classList.toggle("playing", on);
    find(".play").setAttribute("aria-label", on ? "Pause" : "Play");
  }

  function go(i) {
    if (stage.hold?.(i, () => show(i))) clearTimeout(timer);
    else show(i);
  }

  const jump = (i) => { set(false); show(i); };
  const forward = () => { if (at < last) go(Math.min(last, stage.next?.(at) ?? at + 1)); };
  const step = () => { set(false); forward(); };
  const back = () => jump(stage.previous?.(at) ?? at - 1);
  const toggle = () => {
    const from = at === last ? 0 : at;
    set(!playing);
    if (playing && from !== at) show(from);
    else schedule();
  };
  const help = find("dialog.keys");
  const actions = {
    ArrowRight: ["one step forward", step],
    ArrowLeft: ["one step back", back],
    Home: ["to the first step", () => jump(0)],
    End: ["to the last step", () => jump(last)],
    " ": ["play or pause", toggle],
    ...stage.keys,
    ...choices(stage.choices ?? [], find(".choices")),
    "?": ["these keys", () => help.showModal()],
    Escape: ["close what is open", () => stage.close?.() || set(false)],
  };

  const clicks = { first: "Home", back: "ArrowLeft", play: " ", forward: "ArrowRight", last: "End", help: "?" };
  for (const name in clicks) find(`button.${name}`).onclick = actions[clicks[name]][1];
  slider.max = last;
  if (stage.split) slider.style.setProperty("--split", `${(100 * (stage.split - 0.5)) / last}%`);
  slider.oninput = () => jump(+slider.value);
  speed.onchange = schedule;
  listKeys(actions, help);
  onKeys(actions, help);
  onSwipe(find(".stage"), step, back);
  onhashchange = () => jump(linked() ?? at);
  show(linked() ?? 0);
}

// Buttons that stay down, and the keys that press them.
function choices(all, place) {
  const actions = {};
  for (const choice of all) {
    const { name, key, hint, on, choose } = choice;
    const button = choice.button = place.appendChild(document.createElement("button"));
    const press = (down) => { button.setAttribute("aria-pressed", down); choose(down); };
    button.type = "button";
    button.textContent = name;
    button.title = `${hint} (${key})`;
    button.setAttribute("aria-pressed", on);
    button.onclick = () => press(button.getAttribute("aria-pressed") !== "true");
    actions[key] = [hint, button.onclick];
  }
  return actions;
}

const NAMES = { ArrowRight: "→", ArrowLeft: "←", " ": "Space", Escape: "Esc" };

function listKeys(actions, dialog) {
  const list = dialog.querySelector("dl");
  for (const key in actions) {
    list.appendChild(document.createElement("dt")).textContent = NAMES[key] ?? key;
    list.appendChild(document.createElement("dd")).textContent = actions[key][0];
  }
  dialog.querySelector("button").onclick = () => dialog.close();
}

function onKeys(actions, dialog) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    // It answered a question, and is held.
    if (key === "Enter" && event.repeat) return event.preventDefault();
    const writes = target.matches("select, input:not([type=range])") && key !== "Escape";
    const presses = key === " " && target.matches("button, a");
    if (writes || presses || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!Object.hasOwn(actions, key)) return;
    event.preventDefault();
    actions[key][1]();
  });
}

// A finger that moves to the left goes forward, unless it scrolls a picture that is too wide.
function onSwipe(root, forward, back) {
  let from = null;
  root.addEventListener("touchstart", ({ touches, target }) => {
    const box = target.closest(".picture");
    const scrolls = box && box.scrollWidth > box.clientWidth + 1;
    from = touches.length === 1 && !scrolls ? [touches[0].clientX, touches[0].clientY] : null;
  }, { passive: true });
  root.addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!from) return;
    const across = touch.clientX - from[0], down = touch.clientY - from[1];
    from = null;
    if (Math.abs(across) > 40 && Math.abs(across) > 2 * Math.abs(down)) (across < 0 ? forward : back)();
  }, { passive: true });
}

// Only a page with an address of its own can be linked to: not one within a notebook.
const LINKABLE = /^(file|https?):$/.test(location.protocol);
let settled = 0;

function linkTo(place, i) {
  if (!LINKABLE) return;
  place.href = `#step=${i + 1}`;
  // Browsers count how often an address is changed, and refuse.
  clearTimeout(settled);
  settled = setTimeout(() => history.replaceState(null, "", place.href), 300);
}

function linked() {
  const found = LINKABLE && /^#step=(\d+)$/.exec(location.hash);
  return found ? found[1] - 1 : null;
}
