-- What the house decided for itself; what has no row has the value that the product comes with.
CREATE TABLE house_settings (
    name       VARCHAR(40) NOT NULL,
    number     BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
