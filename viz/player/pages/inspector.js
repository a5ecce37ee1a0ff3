// The card of a node that was clicked: its numbers, its operands, how its gradient came about and
// what it passed on; and in the picture, the ways on which its gradient came.
function inspector(data, root, goTo) {
  const { nodes, frames } = data;
  const card = make(root, "section", "card");
  const users = usersOf(nodes);
  let open = null, at = 0, painted = [];
  card.hidden = true;
  card.tabIndex = -1;

  root.querySelector(".picture").addEventListener("click", (event) => {
    const node = event.target.closest("g.node");
    if (node && nodes[node.id]) choose(node.id);
  });

  function choose(id) {
    close();
    open = id;
    byId(id).classList.add("chosen");
    paint(id);
    const middle = byId(id).getBoundingClientRect();
    card.classList.toggle("to-left", middle.left + middle.right > innerWidth);
    write();
    card.focus({ preventScroll: true });
  }

  function close() {
    if (open === null) return false;
    byId(open).classList.remove("chosen");
    for (const element of painted) element.classList.remove("path");
    open = null;
    card.hidden = true;
    return true;
  }

  function write() {
    const { name, symbol, operands } = nodes[open];
    card.replaceChildren();
    card.hidden = false;
    const title = [name, symbol].filter(Boolean).join(" = ");
    card.setAttribute("aria-label", title);
    make(card, "h2", "", title);
    button(card, "×", "close").onclick = close;
    card.lastChild.setAttribute("aria-label", "Close");
    for (const role of ["data", "grad"]) make(card, "p", "number", shown(open, role));
    list("Operands", operands.map((id) => [named(id), shown(id, "data"), () => choose(id)]));
    const ways = new Set(users.get(open)?.map(([, edge]) => edge));
    const past = frames.slice(0, at + 1).map(({ phase, rule, edges, set, at: node }, i) => ({
      came: phase === "backward" && set.some(([id, role]) => id === open && role === "grad"),
      passed: phase === "backward" && node === open,
      line: (text) => [`step ${i + 1}`, text, () => goTo(i)],
      // A line for each edge that is passed along; without one, for each number.
      own: () => rule.split("\n").filter((_, k) => (edges.length ? ways.has(edges[k]) : set[k][0] === open)).join("\n"),
      rule,
    }));
    const came = past.filter((step) => step.came).map(({ line, own }) => line(own()));
    list("Its gradient", came, "none has come yet");
    if (!operands.length) return;
    const passed = past.filter((step) => step.passed && !step.came);
    list("It passed on", passed.map(({ line, rule }) => line(rule)), "nothing yet");
  }

  function list(title, items, otherwise) {
    if (!items.length && !otherwise) return;
    make(card, "h3", "", title);
    if (!items.length) make(card, "p", "", otherwise);
    for (const [name, text, act] of items) {
      const line = make(card, "p", "item");
      button(line, name, "link").onclick = act;
      make(line, "span", "", text);
    }
  }

  // All edges that lead from the node to the root: its gradient is the sum over these ways.
  function paint(id) {
    const reached = new Set([id]), pending = [id];
    painted = [];
    while (pending.length) {
      for (const [user, edge] of users.get(pending.pop()) ?? []) {
        const element = byId(edge);
        if (element) painted.push(element);
        if (!reached.has(user)) pending.push(user);
        reached.add(user);
      }
    }
    for (const element of painted) element.classList.add("path");
  }

  const named = (id) => shown(id, "name") || nodes[id].name || nodes[id].symbol || id;
  const shown = (id, role) => document.querySelector(`#${id} text.${role}`)?.textContent ?? "";
  return {
    open: choose,
    close,
    update(i) {
      at = i;
      if (open !== null) write();
    },
  };
}

// Which nodes use a node, and along which edge: edges are numbered through the nodes' operands.
function usersOf(nodes) {
  const users = new Map();
  let edge = 0;
  const number = (id) => +id.slice(1);
  for (const id of Object.keys(nodes).sort((a, b) => number(a) - number(b))) {
    for (const operand of nodes[id].operands) {
      if (!users.has(operand)) users.set(operand, []);
      users.get(operand).push([id, `e${edge++}`]);
    }
  }
  return users;
}
