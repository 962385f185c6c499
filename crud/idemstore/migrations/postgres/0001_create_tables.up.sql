CREATE TABLE "idempotency_keys" (
  "id" uuid NOT NULL,
  "key_text" text COLLATE "C" NOT NULL,
  "request" text COLLATE "C" NOT NULL,
  "holder" uuid NOT NULL,
  "held_until" timestamptz(6) NOT NULL,
  "expires_at" timestamptz(6) NOT NULL,
  "answer" bytea,
  CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("id")
);

COMMENT ON TABLE "idempotency_keys" IS 'Keys of writes, with the answers that a repeated write gets.';

CREATE INDEX "idempotency_keys_expires_at_idx_c8d83d05" ON "idempotency_keys" ("expires_at");

CREATE UNIQUE INDEX "idempotency_keys_key_text_key_556d0784" ON "idempotency_keys" ("key_text");
