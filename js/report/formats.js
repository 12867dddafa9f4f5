// The formats that other programs read, of any command that has findings. Each is loaded when it is asked for.

const SUMMARY = 1024 * 1024; // bytes: GitHub takes no larger summary of a step

/**
 * A function for each format, which gives its text.
 * @param {() => import('./result.js').Result} make called once, when a format is first asked for
 */
export function formatsOf(make) {
  let made;
  const result = () => (made ??= make());
  return {
    compact: async (terminal) => (await import('./compact.js')).compactReport(terminal, result()),
    sarif: async () => (await import('./sarif.js')).sarifReport(result()),
    junit: async () => (await import('./junit.js')).junitReport(result()),
    tap: async () => (await import('./tap.js')).tapReport(result()),
    github: async () => (await import('./github.js')).githubReport(result()),
    gitlab: async () => (await import('./gitlab.js')).gitlabReport(result()),
    markdown: async () => (await import('./pull-request.js')).pullRequestReport(result()),
    /** For the summary of a step, of which `taken` bytes are written; undefined if less than `least` are left. */
    summary: async (taken, least) => {
      if (SUMMARY - taken < least) return undefined;
      return (await import('./pull-request.js')).pullRequestReport(result(), SUMMARY - taken);
    },
  };
}
