// Runs in a Web Worker: turns messages into calls of the packer, and loads each of its modules when first needed.
//
// A message is { id, task, … }; the answers are { id, done, total } while it goes on, and at its end { id, result },
// JSON, or { id, error, code }, a sentence and its stable code. After { ended } the worker is no more.

const modules = new Map();

/** Loads a module once, and again when that failed. */
function load(name) {
  if (!modules.has(name)) {
    const loading = import(`./packer-${name}.js`).then(async (module) => {
      await module.default();
      return module;
    });
    modules.set(name, loading);
    loading.catch(() => modules.delete(name));
  }
  return modules.get(name);
}

const tasks = {
  check: async ({ file, name }, progress) => (await load("check")).check(file, name, progress),
  name: async ({ book, name, chosen }) => (await load("name")).name(book, name, chosen),
  "verify-archive": async ({ file, key }, progress) => (await load("verify")).verify_archive(file, key, progress),
  "verify-files": async ({ paths, files, key }, progress) => (await load("verify")).verify_files(paths, files, key, progress),
};

self.addEventListener("message", async ({ data }) => {
  const { id, task } = data;
  const progress = (done, total) => self.postMessage({ id, done, total });
  try {
    self.postMessage({ id, result: await tasks[task](data, progress) });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      // What is left in its memory is nobody's: the page starts another worker.
      self.postMessage({ id, code: "internal", error: "The packer stopped at this file. It is a fault of the packer: please report it." });
      self.postMessage({ ended: true });
      self.close();
      return;
    }
    self.postMessage({ id, code: error?.name ?? "", error: error instanceof Error ? error.message : String(error) });
  }
});
