CREATE TABLE locks (
    name VARCHAR(20) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO locks (name) VALUES ('blobs');

CREATE TABLE node_beats (
    node_id CHAR(26) NOT NULL,
    beat_at BIGINT NOT NULL,
    PRIMARY KEY (node_id),
    KEY node_beats_beat_at (beat_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

ALTER TABLE jobs ADD COLUMN share VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_turn ON jobs (state, turn, id);
CREATE INDEX jobs_share ON jobs (share, state, turn);
DROP INDEX jobs_queue ON jobs;
