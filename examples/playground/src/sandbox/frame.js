/*
 * The script of the frame: it starts a worker with what the page sends, and hands it the page's port. It runs nothing
 * itself.
 */
addEventListener(
  "message",
  ({ data, ports: [port] }) => {
    const worker = new Worker(URL.createObjectURL(new Blob([data], { type: "text/javascript" })));
    worker.onerror = ({ message, lineno }) => parent.postMessage({ message, line: lineno }, "*");
    worker.postMessage(null, [port]);
  },
  { once: true },
);
