"""The benchmark's server, on uWebSockets through socketify, as its examples show.

Publishing to subscribers runs in C++; each message from a client goes through Python.
"""

import os

from socketify import App, OpCode

# As in Bun, so that no subscriber loses a burst.
BACKPRESSURE = 16 * 1024 * 1024
# Heartbeat and idle timer as in autumn-gen; uWebSockets sends its pings in time by itself.
BEHAVIOR = {
    "max_backpressure": BACKPRESSURE,
    "idle_timeout": 120,
    "send_pings_automatically": True,
    "compression": 0,
}


def subscribe(channel):
    return lambda ws: ws.subscribe(channel)


def echo(ws, message, opcode):
    ws.send(message, opcode)


def to_room(_ws, message, opcode):
    app.publish("room", message, opcode)


def publish(job):
    """Publishes a burst."""
    count, size = map(int, job.split(" "))
    for _ in range(count):
        app.publish("feed", "x" * size, OpCode.TEXT)


def obey(_ws, message, _opcode):
    """Publishes as ordered, but not within a message handler: there, uWebSockets reserves its one buffer
    for the socket that is handled, and sends everything else one by one."""
    timers.append(app.loop.set_timeout(0, publish, message))
    del timers[:-1]


def is_same_origin(request):
    """A page of this server, or not a page at all."""
    origin = request.get_header("origin")
    return not origin or origin.partition("://")[2] == request.get_header("host")


def upgrade(response, request, context):
    if not is_same_origin(request):
        return response.write_status(403).end("Forbidden")
    if request.get_cookie("session") is None:
        return response.write_status(401).end("Unauthorized")
    response.upgrade(
        request.get_header("sec-websocket-key"),
        request.get_header("sec-websocket-protocol"),
        request.get_header("sec-websocket-extensions"),
        context,
    )


app = App()
# The last callback, which must not be freed before it runs.
timers = []
app.ws("/echo", BEHAVIOR | {"message": echo})
app.ws("/connect", BEHAVIOR | {"message": echo, "upgrade": upgrade})
app.ws("/feed", BEHAVIOR | {"open": subscribe("feed"), "message": lambda ws, message, opcode: None})
app.ws("/room", BEHAVIOR | {"open": subscribe("room"), "message": to_room})
app.ws("/control", BEHAVIOR | {"message": obey})

host, _, port = os.environ.get("ADDRESS", "127.0.0.1:3000").rpartition(":")
app.listen({"host": host, "port": int(port)})
# Only uWebSockets' loop: `app.run()` polls it and Python's without sleeping for long, which costs
# CPU time that is not uWebSockets'.
app.loop.uv_loop.run()
