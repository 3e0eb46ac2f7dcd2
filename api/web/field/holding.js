// A draft is open on one page of the app at a time: two would write over each other.
export function hold(name) {
  return new Promise((told) => {
    navigator.locks.request(`socialmap-draft-${name}`, { ifAvailable: true }, (held) => {
      if (!held) return told(null);
      return new Promise((release) => told(release));
    });
  });
}
