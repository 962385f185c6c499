CREATE TABLE "The ""old"" one's things" (
  "legacy_key" TEXT NOT NULL,
  "holder" TEXT NOT NULL,
  "group" TEXT,
  "rev" INTEGER NOT NULL,
  "gone" DATETIME,
  "team_id" TEXT NOT NULL,
  "plain" TEXT NOT NULL,
  CONSTRAINT "The ""old"" one's things_pkey" PRIMARY KEY ("legacy_key")
);
CREATE INDEX "The ""old"" one's things_holder_legacy_key_idx_e945bcff" ON "The ""old"" one's things" ("holder", "legacy_key") WHERE "gone" IS NULL;
CREATE INDEX "The ""old"" one's things_group_legacy_key_idx_a455a792" ON "The ""old"" one's things" ("group", "legacy_key") WHERE "gone" IS NULL;
CREATE INDEX "by rev" ON "The ""old"" one's things" ("rev", "plain" DESC) WHERE "gone" IS NULL;
CREATE UNIQUE INDEX "The ""old"" one's things_team_id_holder_key_60e1bf9e" ON "The ""old"" one's things" ("team_id", "holder") WHERE "gone" IS NULL;
