// The benchmark's server, on Bun.serve, as its documentation shows: `subscribe` and `server.publish`.
// Its idle timeout (120 s) and its pings are on by default.

type Data = { path: string };

const [hostname, port] = (process.env.ADDRESS ?? "127.0.0.1:3000").split(":");

// A page of this server, or not a page at all.
function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin === null || origin.split("://")[1] === request.headers.get("host");
}

function user(request: Request): string | null {
  return new Bun.CookieMap(request.headers.get("cookie") ?? "").get("session");
}

const server = Bun.serve({
  hostname,
  port: Number(port),
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    if (path === "/connect") {
      if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
      if (user(request) === null) return new Response("Unauthorized", { status: 401 });
    }
    if (server.upgrade(request, { data: { path } })) return undefined;
    return new Response("Upgrade failed", { status: 400 });
  },
  websocket: {
    data: {} as Data,
    perMessageDeflate: false,
    open(ws) {
      if (ws.data.path === "/feed") ws.subscribe("feed");
      if (ws.data.path === "/room") ws.subscribe("room");
    },
    message(ws, message) {
      switch (ws.data.path) {
        case "/echo":
        case "/connect":
          ws.send(message);
          break;
        case "/room":
          server.publish("room", message, false);
          break;
        case "/control": {
          const [count, size] = String(message).split(" ").map(Number);
          for (let i = 0; i < count; i++) server.publish("feed", "x".repeat(size), false);
          break;
        }
      }
    },
  },
});
