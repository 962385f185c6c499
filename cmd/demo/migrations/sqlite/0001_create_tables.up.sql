CREATE TABLE "projects" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "user_id" TEXT,
  "team_id" TEXT,
  "name" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  CONSTRAINT "projects_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "projects_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE NO ACTION
);

CREATE INDEX "projects_user_id_id_idx_e47c25dd" ON "projects" ("user_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "projects_user_id_name_id_idx_199d8262" ON "projects" ("user_id", "name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "projects_created_by_id_id_idx_ebc0e760" ON "projects" ("created_by_id", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "projects_created_by_id_name_id_idx_5327d6f8" ON "projects" ("created_by_id", "name", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "projects_team_id_id_idx_b11eac08" ON "projects" ("team_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "projects_team_id_name_id_idx_ed23a3f1" ON "projects" ("team_id", "name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "projects_name_id_idx_55b9a1c9" ON "projects" ("name", "id") WHERE "deleted_at" IS NULL;

CREATE TABLE "notes" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "user_id" TEXT,
  "team_id" TEXT,
  "title" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'open',
  "priority" INTEGER NOT NULL,
  "due_at" DATETIME,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE NO ACTION,
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE NO ACTION
);

CREATE INDEX "notes_user_id_id_idx_08ac375c" ON "notes" ("user_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_user_id_title_id_idx_e971dbb0" ON "notes" ("user_id", "title", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_user_id_status_id_idx_b50879b8" ON "notes" ("user_id", "status", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_user_id_status_priority_desc_id_desc_idx_4d9e5bb7" ON "notes" ("user_id", "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_user_id_priority_id_idx_42f474de" ON "notes" ("user_id", "priority", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_user_id_due_at_id_idx_a5377ee0" ON "notes" ("user_id", "due_at", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_created_by_id_id_idx_839f5fa4" ON "notes" ("created_by_id", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_created_by_id_title_id_idx_8c2bdce1" ON "notes" ("created_by_id", "title", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_created_by_id_status_id_idx_540a9f96" ON "notes" ("created_by_id", "status", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_created_by_id_status_priority_desc_id_desc_idx_68febf44" ON "notes" ("created_by_id", "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_created_by_id_priority_id_idx_c6a8eb4d" ON "notes" ("created_by_id", "priority", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_created_by_id_due_at_id_idx_9c0464dd" ON "notes" ("created_by_id", "due_at", "id") WHERE "deleted_at" IS NULL AND "user_id" IS NULL;

CREATE INDEX "notes_team_id_id_idx_1b47b510" ON "notes" ("team_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_team_id_title_id_idx_45fe0baa" ON "notes" ("team_id", "title", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_team_id_status_id_idx_459773c1" ON "notes" ("team_id", "status", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_team_id_status_priority_desc_id_desc_idx_4de1e89c" ON "notes" ("team_id", "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_team_id_priority_id_idx_07109617" ON "notes" ("team_id", "priority", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_team_id_due_at_id_idx_0aba4099" ON "notes" ("team_id", "due_at", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_title_id_idx_310a6982" ON "notes" ("project_id", "title", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_status_id_idx_afe6690f" ON "notes" ("project_id", "status", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_status_priority_desc_id_desc_idx_1923251f" ON "notes" ("project_id", "status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_priority_id_idx_0776223f" ON "notes" ("project_id", "priority", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_due_at_id_idx_6247e66c" ON "notes" ("project_id", "due_at", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");

CREATE INDEX "notes_title_id_idx_b8f6430b" ON "notes" ("title", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_status_id_idx_f7650fd5" ON "notes" ("status", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_status_priority_desc_id_desc_idx_aa6679ad" ON "notes" ("status", "priority" DESC, "id" DESC) WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_priority_id_idx_991f3e93" ON "notes" ("priority", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "notes_due_at_id_idx_22407b64" ON "notes" ("due_at", "id") WHERE "deleted_at" IS NULL;

CREATE TABLE "comments" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "note_id" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "comments_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE NO ACTION
);

CREATE INDEX "comments_created_by_id_id_idx_d9301a8e" ON "comments" ("created_by_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "comments_note_id_id_idx_e2d6ff2c" ON "comments" ("note_id", "id");
