-- Inspector's database as its people may have it: nothing is called or kept as here.

CREATE TABLE members (
    uid uuid PRIMARY KEY,
    mail varchar(200) NOT NULL,
    full_name text,
    kind text NOT NULL,
    msisdn text,
    blocked boolean NOT NULL DEFAULT false,
    touched timestamptz NOT NULL
);
CREATE TABLE listings (
    uid uuid PRIMARY KEY,
    owner uuid NOT NULL,
    headline text NOT NULL,
    category text NOT NULL,
    deal text NOT NULL,
    rooms integer,
    price_kobo bigint NOT NULL,
    per text,
    hood text NOT NULL,
    town text NOT NULL,
    status text NOT NULL,
    went_online timestamptz,
    touched timestamptz NOT NULL
);
CREATE TABLE listing_images (
    uid uuid PRIMARY KEY,
    listing uuid NOT NULL,
    sort integer NOT NULL,
    cdn text NOT NULL,
    removed boolean NOT NULL DEFAULT false,
    touched timestamptz NOT NULL
);
CREATE TABLE openings (
    uid uuid PRIMARY KEY,
    listing uuid NOT NULL,
    officer uuid,
    begins timestamp NOT NULL,
    minutes integer NOT NULL,
    seats smallint NOT NULL,
    cancelled boolean NOT NULL DEFAULT false,
    touched timestamptz NOT NULL
);
CREATE TABLE visits (
    uid uuid PRIMARY KEY,
    their_ref text,
    listing uuid NOT NULL,
    tenant uuid NOT NULL,
    opening uuid,
    officer uuid,
    begins timestamp NOT NULL,
    minutes integer NOT NULL,
    status text NOT NULL,
    remark text,
    touched timestamptz NOT NULL
);
CREATE TABLE favourites (
    tenant uuid NOT NULL,
    listing uuid NOT NULL,
    dropped boolean NOT NULL DEFAULT false,
    touched timestamptz NOT NULL,
    PRIMARY KEY (tenant, listing)
);
