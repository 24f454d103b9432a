-- A job knows the request that caused it, so that a log, a trace and a person can go from one to the other.
ALTER TABLE jobs ADD COLUMN request_id TEXT CHECK (length(request_id) <= 64);
