"use strict";
// The stage of a film: the panels of a training, on which each frame moves what moves.
stages.film = (data, root) => {
  const { frames } = data;
  const table = numbersOf(data.names, root);
  const curves = data.curves.map((name) => curvesOf(root.querySelector(`.panel-${name}`)));
  const plane = data.plane && planeOf(data.plane, root.querySelector(".panel.plane"));
  const network = data.network && networkOf(data.network, root.querySelector(".panel-network"));
  reachable(root.querySelector(".picture"));
  if (network) reachable(root.querySelector(".panel.network"));

  function show(i) {
    const frame = frames[i];
    table.forEach((cell, k) => { cell.textContent = frame.numbers[k]; });
    curves.forEach((move, k) => move(frame.marks[k]));
    if (plane) plane(bytes(frame.regions));
    if (network) network(new Int8Array(bytes(frame.weights).buffer));
  }

  return {
    count: frames.length,
    pace: 150,
    show,
    label: (i) => frames[i].label,
    sentence: (i) => frames[i].say,
  };
};

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const drawn = (name, attributes, parent) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return parent.appendChild(element);
};

// What is larger than its place can be scrolled by keys, and fades where it goes on below.
function reachable(box) {
  const watch = () => {
    const below = box.scrollHeight - box.clientHeight, aside = box.scrollWidth - box.clientWidth;
    box.tabIndex = Math.max(below, aside) > 1 ? 0 : -1;
    box.classList.toggle("more", below > box.scrollTop + 4);
  };
  new ResizeObserver(watch).observe(box);
  box.addEventListener("scroll", watch);
  watch();
}

// The numbers of the epoch, each under its name.
function numbersOf(names, root) {
  const list = document.createElement("dl");
  list.className = "numbers";
  root.append(list);
  return names.map((name) => {
    const pair = list.appendChild(document.createElement("div"));
    pair.appendChild(document.createElement("dt")).textContent = name;
    return pair.appendChild(document.createElement("dd"));
  });
}

// Curves that are drawn up to the epoch, over what is to come.
function curvesOf(svg) {
  const mark = svg.querySelector(".mark"), dots = [...svg.querySelectorAll(".dot")];
  const lines = [...svg.querySelectorAll(".curve")].map((line) => {
    const ahead = line.cloneNode();
    ahead.setAttribute("class", "ahead");
    line.before(ahead);
    const points = line.getAttribute("points").split(" ").filter(Boolean);
    return { line, points, places: points.map(parseFloat) };
  });
  const [, from, to] = mark.getAttribute("d").split(/[V ]/);
  return ([x, ...heights]) => {
    mark.setAttribute("d", `M${x} ${from}V${to}`);
    lines.forEach(({ line, points, places }, k) => {
      const past = points.filter((_, i) => places[i] < x);
      if (heights[k] !== null) past.push(`${x},${heights[k]}`);
      line.setAttribute("points", past.join(" "));
    });
    dots.forEach((dot, k) => {
      dot.style.display = heights[k] === null ? "none" : "";
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", heights[k] ?? 0);
    });
  };
}

// The plane: each point of the grid has a class and its margin, and between them it is smooth.
function planeOf({ side, kinds, box, size, colors, outlined, sureness }, panel) {
  const canvas = canvasOver(box, size, panel), { width, height } = canvas;
  panel.querySelector(".regions").replaceChildren();
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer), winners = new Int8Array(width * height);
  const levels = sureness.length, heights = new Float32Array(kinds);
  const kindOf = Int8Array.from({ length: 256 }, (_, code) => (code ? (code - 1) / levels : -1));
  const marginOf = Float32Array.from({ length: 256 }, (_, code) => (((code - 1) % levels) / (levels - 1)) ** 2);
  const painted = colors.map((color) => Uint32Array.from(sureness, (x) => colorOf(color, 18 + 85 * x)));
  const unknown = colorOf([128, 128, 128], 40), edge = colorOf([100, 116, 139], 255);
  const across = between(width, side), down = between(height, side);

  // Of a point between four others, a to d: the class that is the highest, and by how much.
  function point(pixel, a, b, c, d, u, v) {
    const shareA = (1 - u) * (1 - v) * marginOf[a], shareB = u * (1 - v) * marginOf[b];
    const shareC = (1 - u) * v * marginOf[c], shareD = u * v * marginOf[d];
    const all = shareA + shareB + shareC + shareD;
    let winner = kindOf[a], height = all;
    if (!a || !b || !c || !d) {
      winners[pixel] = -1;
      pixels[pixel] = unknown;
      return;
    }
    if (winner !== kindOf[b] || winner !== kindOf[c] || winner !== kindOf[d]) {
      heights.fill(0);
      heights[kindOf[a]] += shareA;
      heights[kindOf[b]] += shareB;
      heights[kindOf[c]] += shareC;
      heights[kindOf[d]] += shareD;
      for (let k = 0; k < kinds; k++) if (heights[k] > heights[winner]) winner = k;
      height = Math.max(0, 2 * heights[winner] - all);
    }
    winners[pixel] = winner;
    pixels[pixel] = painted[winner][Math.round(Math.sqrt(height) * (levels - 1))];
  }

  function outline() {
    for (let pixel = width; pixel < pixels.length; pixel++) {
      const winner = winners[pixel];
      if (winner !== winners[pixel - width] || (pixel % width && winner !== winners[pixel - 1])) pixels[pixel] = edge;
    }
  }

  return (grid) => {
    for (let row = 0, pixel = 0; row < height; row++) {
      const { at: top, share: v } = down[row];
      for (let column = 0; column < width; column++, pixel++) {
        const { at: left, share: u } = across[column], at = top * side + left;
        point(pixel, grid[at], grid[at + 1], grid[at + side], grid[at + side + 1], u, v);
      }
    }
    if (outlined) outline();
    context.putImageData(image, 0, 0);
  };
}

function canvasOver([x, y, width, height], [wide, high], panel) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(1.5 * width);
  canvas.height = Math.round(1.5 * height);
  canvas.setAttribute("aria-hidden", "true");
  const shares = { left: x / wide, top: y / high, width: width / wide, height: height / high };
  for (const side in shares) canvas.style[side] = `${100 * shares[side]}%`;
  return panel.insertBefore(canvas, panel.firstChild);
}

// Where each of many pixels lies between the points of the grid: the one before, how far behind it.
const between = (pixels, points) => Array.from({ length: pixels }, (_, i) => {
  const place = i / (pixels - 1) * (points - 1), at = Math.min(points - 2, Math.floor(place));
  return { at, share: place - at };
});

// A colour as canvases keep it.
const colorOf = (channels, opacity) => new Uint32Array(Uint8ClampedArray.of(...channels, opacity).buffer)[0];

// The network: a line for each weight, as wide as it is large; neurons are filled by their bias.
function networkOf({ places, signs }, svg) {
  const group = svg.querySelector(".edges"), neurons = [...svg.querySelectorAll(".neuron")];
  const parts = [];
  group.replaceChildren();
  let neuron = 0;
  for (let column = 1; column < places.length; column++) {
    for (const [x, y] of places[column]) {
      for (const [fromX, fromY] of places[column - 1]) {
        parts.push({ edge: drawn("path", { d: `M${fromX} ${fromY}L${x} ${y}` }, group) });
      }
      parts.push({ neuron: neurons[neuron++] });
    }
  }
  return (numbers) => parts.forEach(({ edge, neuron }, i) => {
    const size = Math.abs(numbers[i]) / 127, sign = signs[numbers[i] > 0 ? 1 : 0];
    if (edge) {
      edge.setAttribute("stroke", sign);
      edge.setAttribute("stroke-width", 0.3 + 3.2 * size);
      edge.setAttribute("stroke-opacity", 0.15 + 0.75 * size);
    } else {
      neuron.setAttribute("fill", sign);
      neuron.setAttribute("fill-opacity", size);
    }
  });
}
