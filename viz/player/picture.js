// A picture that is too large shrinks as long as it can be read, and then follows the node at work.
function followed(box) {
  const svg = box.querySelector("svg"), smallest = 0.6;
  const { width, height } = svg.viewBox.baseVal;
  const natural = svg.width.baseVal.value;
  svg.style.minWidth = `${smallest * natural}px`;
  const centres = new Map(), within = svg.getBoundingClientRect();
  for (const node of box.querySelectorAll("g.node")) {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    centres.set(node.id, [
      ((left + right) / 2 - within.left) / within.width,
      ((top + bottom) / 2 - within.top) / within.height,
    ]);
  }
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let sizes = [0, 0, 0, 0];
  new ResizeObserver(() => {
    sizes = [svg.clientWidth, svg.clientHeight, box.clientWidth, box.clientHeight];
    const scrolls = sizes[0] > sizes[2] || sizes[1] > sizes[3];
    box.tabIndex = scrolls ? 0 : -1;
  }).observe(box);
  return {
    follow(id) {
      const centre = centres.get(id), [wide, high, seenWide, seenHigh] = sizes;
      if (!centre || (wide <= seenWide && high <= seenHigh)) return;
      box.scrollTo({
        left: centre[0] * wide - seenWide / 2,
        top: centre[1] * high - seenHigh / 2,
        behavior: calm.matches ? "instant" : "smooth",
      });
    },
  };
}

function make(parent, tag, name, text = "") {
  const element = parent.appendChild(document.createElement(tag));
  element.className = name;
  element.textContent = text;
  return element;
}
