CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    is_staff INTEGER NOT NULL
);

-- Numbers are never used again: sockets know a login by its number.
CREATE TABLE logins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    user INTEGER NOT NULL REFERENCES users,
    expires_ms INTEGER NOT NULL
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES users,
    item TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'placed',
    version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX orders_by_customer ON orders (customer);

CREATE TABLE rooms (name TEXT PRIMARY KEY);

CREATE TABLE lines (
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL REFERENCES rooms,
    "by" TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX lines_by_room ON lines (room);
