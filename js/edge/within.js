/** The result of the work, or an error if it takes too long. */
export async function within(milliseconds, late, work) {
  let timer;
  const ends = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${late} within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, ends]);
  } finally {
    clearTimeout(timer);
  }
}
