// The stage of a backward pass: one picture, whose numbers, lit node and lit edges each frame changes.
stages.steps = (data, root, goTo) => {
  const { frames, units } = data, last = frames.length - 1;
  const fit = {
    name: "Fit", key: "f", hint: "the whole picture, however small", on: false,
    choose: (on) => picture.fit(on),
  };
  const sized = (larger) => { if (fit.button) fit.button.hidden = !larger; };
  const picture = followed(root.querySelector(".picture"), sized);
  const changes = changesOf(data);
  const runs = runsOf(frames);
  const caption = captionOf(root);
  let over = false, asks = false, seen = -1, lit = [];
  // Each number is asked for, also in a neuron: the last one cannot be known before the others.
  const joins = () => over && !asks;

  const asked = question(caption.question);
  hoverAtTheEnd(picture.box, data.titles, () => seen === last);
  const inspected = inspector(data, root, goTo);

  function show(i, from) {
    asked.close();
    picture.follow(frames[i].at);
    write(changes, i, from);
    light(joins() ? runs.first[i] : i, i);
    tell(i);
    seen = i;
    inspected.update(i);
  }

  function mark(marks) {
    for (const [element, name] of lit) element.classList.remove(name);
    lit = marks.map(([id, name]) => [byId(id), name]).filter(([element]) => element);
    for (const [element, name] of lit) element.classList.add(name);
  }

  function light(first, i) {
    root.dataset.phase = frames[i].phase;
    mark(frames.slice(first, i + 1).flatMap(({ at, edges, set }) => [
      [at, "within"],
      ...edges.map((id) => [id, "lit"]),
      ...set.map(([id, role]) => [id, `new-${role}`]),
    ]).concat([[frames[i].at, "at"]]));
  }

  function tell(i) {
    const frame = frames[i], first = joins() ? runs.first[i] : i, unit = units[frame.unit];
    caption.phase.textContent = frame.phase;
    caption.title.textContent = i > first ? `neuron ${unit}: ${i - first + 1} steps` : frame.title;
    caption.unit.textContent = unit && i === first ? `in neuron ${unit}` : "";
    // A new one is not scrolled.
    const rules = document.createElement("div");
    rules.textContent = frames.slice(first, i + 1).map((x) => x.rule).join("\n");
    caption.rule.replaceChildren(rules);
  }

  function hold(i, go) {
    const { ask, at } = frames[i];
    if (!asks || !ask) return false;
    mark([[at, "at"]]);
    picture.follow(at);
    asked.open(ask, go);
    return true;
  }

  // Who does not want to answer stays at the step that is seen.
  function drop() {
    const asking = asked.close();
    if (asking) show(seen, seen);
    return asking;
  }

  const stage = {
    count: frames.length,
    split: frames.findIndex((frame) => frame.phase === "backward"),
    show,
    hold,
    label: (i) => `Step ${i + 1} of ${frames.length}`,
    sentence: (i) => `${stage.label(i)}, ${frames[i].say}`,
    next: (i) => (joins() ? runs.last[i + 1] : i + 1),
    previous: (i) => (joins() ? runs.first[i] : i) - 1,
    close: () => drop() || inspected.close(),
    keys: { i: ["look at the node at work", () => inspected.open(frames[seen].at)] },
    choices: [{
      name: "Predict", key: "p", hint: "ask for each number before it is shown", on: false,
      choose: (on) => { asks = on; show(seen, seen); },
    }],
  };
  if (units.length) {
    stage.choices.unshift({
      name: "Over neurons", key: "o", hint: "pass each neuron in one step", on: false,
      choose: (on) => { over = on; show(seen, seen); },
    });
  }
  stage.choices.push(fit);
  return stage;
};

function write(changes, i, from) {
  const texts = new Map();
  for (let k = from + 1; k <= i; k++) for (const [text, , after] of changes[k]) texts.set(text, after);
  for (let k = from; k > i; k--) {
    for (const [text, before] of changes[k].toReversed()) texts.set(text, before);
  }
  for (const [text, content] of texts) text.textContent = content;
}

// What hovering tells are the numbers at the end, which nobody should know before.
function hoverAtTheEnd(box, titles, isEnd) {
  box.addEventListener("pointerover", ({ target }) => {
    const group = target.closest("g.node, g.edge");
    if (!group || !titles[group.id]) return;
    group.querySelector("title")?.remove();
    if (!isEnd()) return;
    const title = document.createElementNS(group.namespaceURI, "title");
    title.textContent = titles[group.id];
    group.prepend(title);
  });
}

// For each frame, which text becomes what, and what it was before, so that it can go back.
function changesOf(data) {
  const elements = new Map(), now = new Map();
  const find = (id, role) => {
    const key = `${id} ${role}`;
    if (!elements.has(key)) elements.set(key, document.querySelector(`#${id} text.${role}`));
    return elements.get(key);
  };
  for (const [id, role, text] of data.begin) {
    const element = find(id, role);
    if (!element) continue;
    element.textContent = text;
    now.set(element, text);
  }
  return data.frames.map((frame) => frame.set.flatMap(([id, role, text]) => {
    const element = find(id, role);
    if (!element) return [];
    const before = now.get(element) ?? element.textContent;
    now.set(element, text);
    return [[element, before, text]];
  }));
}

// Frames of one neuron that follow each other: for each frame, the first and the last of its run.
function runsOf(frames) {
  const first = frames.map((_, i) => i), last = frames.map((_, i) => i);
  const joined = (a, b) => a.unit >= 0 && a.unit === b.unit && a.phase === b.phase;
  for (let i = 1; i < frames.length; i++) if (joined(frames[i - 1], frames[i])) first[i] = first[i - 1];
  for (let i = frames.length - 2; i >= 0; i--) if (joined(frames[i], frames[i + 1])) last[i] = last[i + 1];
  return { first, last };
}

// Below the picture: phase, title and rule, or a question in their place.
function captionOf(root) {
  const caption = make(root, "div", "caption");
  const head = make(caption, "p", "head");
  const parts = {
    phase: make(head, "span", "phase"),
    title: make(head, "b", "title"),
    unit: make(head, "span", "unit"),
    rule: make(caption, "p", "rule"),
    question: make(caption, "div", "question"),
  };
  // It may have more lines than are seen.
  parts.rule.tabIndex = 0;
  parts.rule.setAttribute("aria-label", "The rule");
  parts.rule.setAttribute("role", "region");
  return parts;
}
