CREATE TABLE locks (
    name TEXT NOT NULL CHECK (length(name) <= 20),
    PRIMARY KEY (name)
) STRICT;
INSERT INTO locks (name) VALUES ('blobs');

CREATE TABLE node_beats (
    node_id TEXT NOT NULL,
    beat_at INTEGER NOT NULL,
    PRIMARY KEY (node_id)
) STRICT;
CREATE INDEX node_beats_beat_at ON node_beats (beat_at);

ALTER TABLE jobs ADD COLUMN share TEXT NOT NULL DEFAULT '' CHECK (length(share) <= 26);
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_turn ON jobs (state, turn, id);
CREATE INDEX jobs_share ON jobs (share, state, turn);
DROP INDEX jobs_queue;
