"""What a training looks like: the plane and its regions, curves, a network; as SVG of our own."""
