-- What the house decided for itself; what has no row has the value that the product comes with.
CREATE TABLE house_settings (
    name       TEXT NOT NULL CHECK (length(name) <= 40),
    number     INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
