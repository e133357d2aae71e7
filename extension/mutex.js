/** A mutex for asynchronous tasks. */

/**
 * @returns {<T>(work: () => Promise<T>) => Promise<T>} runs `work` once all earlier calls have
 *   settled, and returns its result
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
