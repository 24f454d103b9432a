-- A job is put off for hours while a disk or a network fails, and given up soon when its workers die of it: two counts,
-- for which the number of its attempts cannot stand, since an attempt that a shutdown broke off is neither.
ALTER TABLE jobs ADD COLUMN put_offs BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN takeovers BIGINT NOT NULL DEFAULT 0;
