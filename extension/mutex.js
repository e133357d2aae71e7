/** A lock for asynchronous work. */

/**
 * @returns {<T>(work: () => Promise<T>) => Promise<T>} runs `work` after all work passed before it,
 *   and returns what it returns
 */
export function createMutex() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
