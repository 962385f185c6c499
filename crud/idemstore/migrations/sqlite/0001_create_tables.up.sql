CREATE TABLE "idempotency_keys" (
  "id" TEXT NOT NULL,
  "key_text" TEXT NOT NULL,
  "request" TEXT NOT NULL,
  "holder" TEXT NOT NULL,
  "held_until" DATETIME NOT NULL,
  "expires_at" DATETIME NOT NULL,
  "answer" BLOB,
  CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "idempotency_keys_expires_at_idx_c8d83d05" ON "idempotency_keys" ("expires_at");

CREATE UNIQUE INDEX "idempotency_keys_key_text_key_556d0784" ON "idempotency_keys" ("key_text");
