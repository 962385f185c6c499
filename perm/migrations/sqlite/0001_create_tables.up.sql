CREATE TABLE "teams" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "name" TEXT NOT NULL,
  "parent_id" TEXT,
  CONSTRAINT "teams_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "teams_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "teams" ("id") ON DELETE NO ACTION
);

CREATE INDEX "teams_created_by_id_id_idx_d49e5bde" ON "teams" ("created_by_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "teams_created_by_id_name_id_idx_f9dbe60e" ON "teams" ("created_by_id", "name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "teams_parent_id_id_idx_60bc17e3" ON "teams" ("parent_id", "id");

CREATE INDEX "teams_name_id_idx_f16a4370" ON "teams" ("name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "teams_parent_id_idx_846dba28" ON "teams" ("parent_id") WHERE "deleted_at" IS NULL;

CREATE TABLE "roles" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "name" TEXT NOT NULL,
  "team_id" TEXT,
  "parent_id" TEXT,
  "actions" INTEGER NOT NULL,
  CONSTRAINT "roles_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "roles_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE NO ACTION,
  CONSTRAINT "roles_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "roles" ("id") ON DELETE NO ACTION
);

CREATE INDEX "roles_created_by_id_id_idx_b86452f1" ON "roles" ("created_by_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "roles_created_by_id_name_id_idx_c5382c13" ON "roles" ("created_by_id", "name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "roles_team_id_id_idx_ac5a22f2" ON "roles" ("team_id", "id");

CREATE INDEX "roles_parent_id_id_idx_078c61d0" ON "roles" ("parent_id", "id");

CREATE INDEX "roles_name_id_idx_8679482e" ON "roles" ("name", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "roles_parent_id_idx_d8369cf3" ON "roles" ("parent_id") WHERE "deleted_at" IS NULL;

CREATE INDEX "roles_team_id_idx_5346cf97" ON "roles" ("team_id") WHERE "deleted_at" IS NULL;

CREATE TABLE "memberships" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "team_id" TEXT NOT NULL,
  "member_id" TEXT NOT NULL,
  "role_id" TEXT NOT NULL,
  "expires_at" DATETIME,
  "disabled_at" DATETIME,
  CONSTRAINT "memberships_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "memberships_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE NO ACTION,
  CONSTRAINT "memberships_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles" ("id") ON DELETE NO ACTION
);

CREATE INDEX "memberships_created_by_id_id_idx_60a9bea8" ON "memberships" ("created_by_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "memberships_team_id_id_idx_5c22340e" ON "memberships" ("team_id", "id");

CREATE INDEX "memberships_role_id_id_idx_549ac2b9" ON "memberships" ("role_id", "id");

CREATE INDEX "memberships_team_id_idx_382f7f6a" ON "memberships" ("team_id") WHERE "deleted_at" IS NULL;

CREATE INDEX "memberships_role_id_idx_be8a1a05" ON "memberships" ("role_id") WHERE "deleted_at" IS NULL;

CREATE UNIQUE INDEX "memberships_member_id_team_id_role_id_key_30314a42" ON "memberships" ("member_id", "team_id", "role_id") WHERE "deleted_at" IS NULL;

CREATE TABLE "grants" (
  "id" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "created_by_id" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "updated_at" DATETIME NOT NULL,
  "updated_by_id" TEXT,
  "deleted_at" DATETIME,
  "deleted_by_id" TEXT,
  "model" TEXT NOT NULL,
  "row_id" TEXT NOT NULL,
  "actions" INTEGER NOT NULL,
  "expires_at" DATETIME,
  "member_id" TEXT,
  "team_id" TEXT,
  "role_id" TEXT,
  CONSTRAINT "grants_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "grants_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE NO ACTION,
  CONSTRAINT "grants_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles" ("id") ON DELETE NO ACTION
);

CREATE INDEX "grants_created_by_id_id_idx_beaf6577" ON "grants" ("created_by_id", "id") WHERE "deleted_at" IS NULL;

CREATE INDEX "grants_team_id_id_idx_63f5623b" ON "grants" ("team_id", "id");

CREATE INDEX "grants_role_id_id_idx_dfc48433" ON "grants" ("role_id", "id");

CREATE INDEX "grants_model_row_id_idx_aa15f3b0" ON "grants" ("model", "row_id") WHERE "deleted_at" IS NULL;

CREATE INDEX "grants_member_id_model_row_id_idx_6be0e7ee" ON "grants" ("member_id", "model", "row_id") WHERE "deleted_at" IS NULL;

CREATE INDEX "grants_team_id_model_row_id_idx_e322889b" ON "grants" ("team_id", "model", "row_id") WHERE "deleted_at" IS NULL;

CREATE INDEX "grants_role_id_team_id_model_row_id_idx_bf3cd728" ON "grants" ("role_id", "team_id", "model", "row_id") WHERE "deleted_at" IS NULL;
