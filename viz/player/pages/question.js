// "Predict, then reveal": asks for a number before it is shown.
function question(root) {
  const id = "player-answer";
  const label = make(root, "label", "asked");
  const row = make(root, "div", "answer");
  const field = make(row, "input", "");
  const check = button(row, "Check");
  const reveal = button(row, "Reveal");
  const verdict = make(root, "p", "verdict");
  let ask = null, go = null, before = null;
  label.htmlFor = field.id = id;
  field.inputMode = "decimal";
  field.autocomplete = "off";
  verdict.setAttribute("role", "status");
  root.hidden = true;

  field.onkeydown = (event) => {
    if (event.key !== "Enter" || event.repeat) return;
    // Or it would press the button that the focus goes to.
    event.preventDefault();
    check.onclick();
  };
  reveal.onclick = () => finish(`It is ${ask.answer}.`);
  check.onclick = () => {
    if (!field.value.trim()) verdict.textContent = "Write a number, or reveal it.";
    else if (isRight(field.value, ask.answer)) finish(`Right: ${ask.answer}.`);
    else verdict.textContent = `Not ${field.value.trim()}. Try again, or reveal it.`;
    field.select();
  };

  function finish(words) {
    const shown = go;
    close();
    shown();
    verdict.textContent = words;
    root.hidden = false;
    root.classList.add("answered");
  }

  function open(asked, then) {
    before = document.activeElement;
    [ask, go] = [asked, then];
    label.textContent = ask.question;
    field.value = verdict.textContent = "";
    root.classList.remove("answered");
    root.hidden = false;
    root.parentNode.classList.add("asking");
    field.focus();
  }

  function close() {
    const asking = go !== null;
    if (asking) {
      field.blur();
      // A button that stays down would be let go by the next Enter, which means: go on.
      const stays = before?.matches("[aria-pressed]");
      (stays ? document.querySelector("button.forward") : before)?.focus();
    }
    go = null;
    verdict.textContent = "";
    root.hidden = true;
    root.parentNode.classList.remove("asking");
    return asking;
  }

  return { open, close };
}

// Right to three significant digits; what is no finite number must be called as it is shown.
function isRight(text, shown) {
  const given = text.trim().replace(",", ".").replace("−", "-"), answer = Number(shown);
  if (given === shown) return true;
  if (given === "" || !Number.isFinite(answer)) return false;
  const unit = answer === 0 ? 0.001 : 10 ** (Math.floor(Math.log10(Math.abs(answer))) - 2);
  return Math.abs(Number(given) - answer) <= 0.5001 * unit;
}

function button(parent, text, name = "") {
  const made = make(parent, "button", name, text);
  made.type = "button";
  return made;
}
