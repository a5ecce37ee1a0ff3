// A picture that is too large shrinks as long as it can be read, and then follows the node at work.
// `sized` is told, whenever its size changes, whether there is something to be fitted.
function followed(box, sized) {
  const svg = box.querySelector("svg"), smallest = 0.6;
  const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
  const centres = new Map();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let sizes = [], at = null, whole = false;

  // Where the nodes are, which only a picture that is seen knows: a notebook may hide it at first.
  function locate() {
    const within = svg.getBoundingClientRect();
    if (!within.width) return;
    for (const node of box.querySelectorAll("g.node")) {
      const { left, right, top, bottom } = node.getBoundingClientRect();
      centres.set(node.id, [
        ((left + right) / 2 - within.left) / within.width,
        ((top + bottom) / 2 - within.top) / within.height,
      ]);
    }
  }

  // Measured when the layout is known, so that a step need not wait for it.
  function measure() {
    locate();
    sizes = [svg.clientWidth, svg.clientHeight, box.clientWidth, box.clientHeight];
    // So that it can be scrolled by keys.
    box.tabIndex = isLarger() ? 0 : -1;
    sized(whole || isLarger());
    if (at) bring("instant");
  }

  const isLarger = () => sizes[0] > sizes[2] || sizes[1] > sizes[3];

  function bring(behavior) {
    if (!centres.has(at)) return;
    const [left, top] = centres.get(at), [wide, high, seenWide, seenHigh] = sizes;
    if (isLarger()) box.scrollTo({ left: left * wide - seenWide / 2, top: top * high - seenHigh / 2, behavior });
  }

  function fit(on) {
    whole = on;
    const scale = whole ? 0 : smallest;
    svg.style.minWidth = `${scale * width}px`;
    // So that the box can grow with its window.
    svg.style.maxHeight = "none";
    svg.style.maxHeight = `${Math.max(scale * height, box.clientHeight)}px`;
    measure();
  }

  fit(false);
  const observer = new ResizeObserver(() => fit(whole));
  observer.observe(box);
  observer.observe(svg);
  return {
    box,
    fit,
    follow(id) {
      at = id;
      bring(calm.matches ? "instant" : "smooth");
    },
  };
}

function make(parent, tag, name, text = "") {
  const element = parent.appendChild(document.createElement(tag));
  element.className = name;
  element.textContent = text;
  return element;
}

const byId = (id) => document.getElementById(id);
