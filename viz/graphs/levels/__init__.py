"""How closely a graph is looked at: layers, neurons, values, and what is alike as one."""
