CREATE TABLE "projects" (
  "id" uuid NOT NULL,
  "created_at" timestamptz(6) NOT NULL,
  "created_by_id" uuid,
  "version" bigint NOT NULL DEFAULT 1,
  "deleted_at" timestamptz(6),
  "deleted_by_id" uuid,
  "team_id" uuid,
  "name" text COLLATE "C" NOT NULL,
  "parent_id" uuid,
  CONSTRAINT "projects_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "projects_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "projects" ("id") ON DELETE NO ACTION
);
CREATE INDEX "projects_created_by_id_id_idx_e8da3b1f" ON "projects" ("created_by_id" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_created_by_id_name_id_idx_aca5a379" ON "projects" ("created_by_id" NULLS FIRST, "name", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_team_id_id_idx_b11eac08" ON "projects" ("team_id" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_team_id_name_id_idx_ed23a3f1" ON "projects" ("team_id" NULLS FIRST, "name", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_parent_id_id_idx_a93f887a" ON "projects" ("parent_id" NULLS FIRST, "id");
CREATE INDEX "projects_name_id_idx_55b9a1c9" ON "projects" ("name", "id") WHERE "deleted_at" IS NULL;
CREATE TABLE "notes" (
  "id" uuid NOT NULL,
  "created_at" timestamptz(6) NOT NULL,
  "created_by_id" uuid,
  "version" bigint NOT NULL DEFAULT 1,
  "updated_at" timestamptz(6) NOT NULL,
  "updated_by_id" uuid,
  "deleted_at" timestamptz(6),
  "deleted_by_id" uuid,
  "user_id" uuid,
  "team_id" uuid,
  "title" text COLLATE "C" NOT NULL,
  "body" text COLLATE "C" NOT NULL,
  "status" text COLLATE "C" NOT NULL DEFAULT 'open',
  "priority" bigint NOT NULL DEFAULT 3,
  "due_at" timestamptz(6),
  "price" numeric(12,2) NOT NULL DEFAULT 0.00,
  "done" boolean NOT NULL DEFAULT false,
  "score" double precision,
  "can" bigint NOT NULL,
  "tags" jsonb NOT NULL DEFAULT '[]',
  "meta" jsonb NOT NULL DEFAULT '{}',
  "data" bytea NOT NULL,
  "secret" text COLLATE "C",
  "project_id" uuid NOT NULL,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE NO ACTION
);
COMMENT ON TABLE "notes" IS 'A thing to remember.';
CREATE INDEX "notes_user_id_id_idx_08ac375c" ON "notes" ("user_id" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_title_id_idx_e971dbb0" ON "notes" ("user_id" NULLS FIRST, "title", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_status_id_idx_b50879b8" ON "notes" ("user_id" NULLS FIRST, "status", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_status_priority_desc_id_desc_idx_4d9e5bb7" ON "notes" ("user_id" NULLS FIRST, "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_due_at_id_idx_a5377ee0" ON "notes" ("user_id" NULLS FIRST, "due_at" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_updated_at_id_idx_fa33070f" ON "notes" ("user_id" NULLS FIRST, "updated_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_created_by_id_id_idx_839f5fa4" ON "notes" ("created_by_id" NULLS FIRST, "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_created_by_id_title_id_idx_8c2bdce1" ON "notes" ("created_by_id" NULLS FIRST, "title", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_created_by_id_status_id_idx_540a9f96" ON "notes" ("created_by_id" NULLS FIRST, "status", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_created_by_id_status_priority_desc_id_desc_idx_68febf44" ON "notes" ("created_by_id" NULLS FIRST, "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_created_by_id_due_at_id_idx_9c0464dd" ON "notes" ("created_by_id" NULLS FIRST, "due_at" NULLS FIRST, "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_created_by_id_updated_at_id_idx_798ad7de" ON "notes" ("created_by_id" NULLS FIRST, "updated_at", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;
CREATE INDEX "notes_team_id_id_idx_1b47b510" ON "notes" ("team_id" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_team_id_title_id_idx_45fe0baa" ON "notes" ("team_id" NULLS FIRST, "title", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_team_id_status_id_idx_459773c1" ON "notes" ("team_id" NULLS FIRST, "status", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_team_id_status_priority_desc_id_desc_idx_4de1e89c" ON "notes" ("team_id" NULLS FIRST, "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_team_id_due_at_id_idx_0aba4099" ON "notes" ("team_id" NULLS FIRST, "due_at" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_team_id_updated_at_id_idx_3fc153bf" ON "notes" ("team_id" NULLS FIRST, "updated_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_title_id_idx_310a6982" ON "notes" ("project_id", "title", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_status_id_idx_afe6690f" ON "notes" ("project_id", "status", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_status_priority_desc_id_desc_idx_1923251f" ON "notes" ("project_id", "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_due_at_id_idx_6247e66c" ON "notes" ("project_id", "due_at" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_updated_at_id_idx_e755553a" ON "notes" ("project_id", "updated_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");
CREATE INDEX "notes_title_id_idx_b8f6430b" ON "notes" ("title", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_status_id_idx_f7650fd5" ON "notes" ("status", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_status_priority_desc_id_desc_idx_aa6679ad" ON "notes" ("status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_due_at_id_idx_22407b64" ON "notes" ("due_at" NULLS FIRST, "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_updated_at_id_idx_0e052e58" ON "notes" ("updated_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_status_priority_desc_idx_7aeeffef" ON "notes" ("status", "priority" DESC) WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "notes_team_id_title_key_575de5f4" ON "notes" ("team_id" NULLS FIRST, "title") WHERE "deleted_at" IS NULL;
CREATE TABLE "comments" (
  "id" uuid NOT NULL,
  "created_at" timestamptz(6) NOT NULL,
  "created_by_id" uuid,
  "version" bigint NOT NULL DEFAULT 1,
  "note_id" uuid NOT NULL,
  "reply_to_id" uuid,
  "text" text COLLATE "C" NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "comments_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE CASCADE,
  CONSTRAINT "comments_reply_to_id_fkey" FOREIGN KEY ("reply_to_id") REFERENCES "comments" ("id") ON DELETE SET NULL
);
CREATE INDEX "comments_created_by_id_id_idx_650372aa" ON "comments" ("created_by_id" NULLS FIRST, "id");
CREATE INDEX "comments_note_id_id_idx_e2d6ff2c" ON "comments" ("note_id", "id");
CREATE INDEX "comments_reply_to_id_id_idx_f499df59" ON "comments" ("reply_to_id" NULLS FIRST, "id");
