/** Somebody who takes up room for a body that is still coming in. */
interface Guest {
  /** On the clock of performance.now(). */
  readonly since: number;
  bytes: number;
  /** Ends the call; what is there of its body is forgotten. */
  readonly cut: () => void;
}

/** How much memory bodies may take while they come in. */
interface BodyRoom {
  enter(bytes: number, cut: () => void): Guest;
  /** Takes more; false where there is not so much, and then the guest has left. */
  grow(guest: Guest, bytes: number): boolean;
  leave(guest: Guest): void;
  /** Whether so much more fits in. */
  fits(bytes: number): boolean;
  /** Sends away who has been here longest, if that is long. */
  cutStalled(): boolean;
}

// API servers send what they have at once: 7 MiB take a tenth of a second. Who needs as long as this takes the room of
// others, by accident or on purpose, and has to go when somebody else finds none.
const stalledMs = 2_000;

/** Shares out so many bytes. */
export function createBodyRoom(size: number): BodyRoom {
  // Sets keep the order in which they were filled.
  const present = new Set<Guest>();
  let used = 0;
  const leave = (guest: Guest): void => {
    if (present.delete(guest)) used -= guest.bytes;
  };
  const cutStalled = (): boolean => {
    const { value: first } = present.values().next();
    if (first === undefined || performance.now() - first.since < stalledMs) return false;
    leave(first);
    first.cut();
    return true;
  };
  return {
    enter: (bytes, cut) => {
      const guest = { since: performance.now(), bytes, cut };
      present.add(guest);
      used += bytes;
      return guest;
    },
    grow: (guest, bytes) => {
      guest.bytes += bytes;
      used += bytes;
      while (used > size && cutStalled());
      if (used > size) leave(guest);
      return present.has(guest);
    },
    leave,
    fits: (bytes) => used === 0 || used + bytes <= size,
    cutStalled,
  };
}

/** A room whose guests wait until there is room for all of their body. */
interface WaitingRoom {
  /** Calls back in the order of asking; at once where there is room. */
  enter(bytes: number, cut: () => void, inside: (guest: Guest) => void): void;
  leave(guest: Guest): void;
}

/** Shares out so many bytes to one after the other. Who needs more than there are is let in alone. */
export function createWaitingRoom(size: number): WaitingRoom {
  const room = createBodyRoom(size);
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let admitting = false;
  const admit = (): void => {
    // Guests whose callers are gone leave as soon as they enter: were each of hundreds to let in the next one, the stack
    // would overflow.
    if (admitting) return;
    admitting = true;
    try {
      for (let next = waiting[0]; next !== undefined && room.fits(next.bytes); next = waiting[0]) {
        waiting.shift();
        next.begin();
      }
    } finally {
      admitting = false;
    }
    if (waiting.length > 0) {
      timer ??= setInterval(() => {
        if (room.cutStalled()) admit();
      }, stalledMs / 4).unref();
    } else if (timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
  return {
    enter: (bytes, cut, inside) => {
      waiting.push({ bytes, begin: () => inside(room.enter(bytes, cut)) });
      admit();
    },
    leave: (guest) => {
      room.leave(guest);
      admit();
    },
  };
}
