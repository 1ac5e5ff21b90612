INSERT INTO users (id, name, key, is_staff) VALUES
    (1, 'ann', 'ann-key', FALSE),
    (2, 'bob', 'bob-key', FALSE),
    (3, 'sue', 'sue-key', TRUE);

INSERT INTO rooms (name) VALUES ('delivery'), ('returns');
