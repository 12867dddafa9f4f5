// Merges objects member by member, at any depth. Nothing in the sources is changed.

/**
 * One object of several. Where two say different things, the later counts.
 * @param sources objects @param refuse if given, called with the path of such a place and the index of the later
 */
export function merged(sources, refuse = () => {}) {
  const whole = Object.create(null); // so that a member named __proto__ is an ordinary one
  sources.forEach((source, index) => {
    into(whole, source, [], (path) => refuse(path, index));
  });
  return whole;
}

function into(target, source, path, refuse) {
  for (const [name, value] of Object.entries(source)) {
    const at = [...path, name];
    if (isObject(value)) {
      if (!isObject(target[name])) {
        if (Object.hasOwn(target, name)) refuse(at);
        target[name] = Object.create(null);
      }
      into(target[name], value, at, refuse);
    } else {
      if (Object.hasOwn(target, name) && !isSame(target[name], value)) refuse(at);
      target[name] = value;
    }
  }
}

/** Whether something of an object is at this path, or above it. */
export function reaches(source, path) {
  let value = source;
  for (const name of path) {
    if (!isObject(value)) return true;
    if (!Object.hasOwn(value, name)) return false;
    value = value[name];
  }
  return true;
}

/** An object with one member at a path. */
export function nested(path, value) {
  return path.reduceRight((inner, name) => Object.assign(Object.create(null), { [name]: inner }), value);
}

export function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isSame(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}
