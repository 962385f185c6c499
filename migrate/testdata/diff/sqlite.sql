-- COLUMN ADDED

ALTER TABLE "notes" ADD COLUMN "due" DATETIME;

-- and back

ALTER TABLE "notes" DROP COLUMN "due";

-- COLUMNS WITH DEFAULTS ADDED

ALTER TABLE "notes" ADD COLUMN "votes" INTEGER NOT NULL DEFAULT 7;

ALTER TABLE "notes" ADD COLUMN "since" DATETIME NOT NULL DEFAULT 1767323045000000;

ALTER TABLE "notes" ADD COLUMN "data" TEXT NOT NULL DEFAULT '{}';

-- and back

ALTER TABLE "notes" DROP COLUMN "data";

ALTER TABLE "notes" DROP COLUMN "since";

ALTER TABLE "notes" DROP COLUMN "votes";

-- COLUMN WITHOUT DEFAULT ADDED

-- Loses: column notes.author is not null and has no default for the rows that are there: add one, or add it as a pointer first
CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  "author" TEXT NOT NULL,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN RENAMED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "heading" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "heading", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

CREATE INDEX "notes_heading_id_idx_4c435c8e" ON "notes" ("heading", "id");

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "heading", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN DROPPED

-- Loses: column notes.title is dropped with its values
CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "priority", "status", "price", "body", "project_id") SELECT "id", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "priority", "status", "price", "body", "project_id") SELECT "id", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN RETYPED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" TEXT NOT NULL DEFAULT 'none',
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN WIDENED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(12,3) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN NARROWED

-- Loses: column notes.title becomes INTEGER, which does not hold every TEXT
CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" INTEGER NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN MADE NOT NULL

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT NOT NULL DEFAULT 'none',
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", coalesce("body", 'none'), "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN MADE NOT NULL WITHOUT DEFAULT

-- Loses: column notes.body becomes not null and has no default for the rows without a value
CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT NOT NULL,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- COLUMN MADE NULLABLE

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", coalesce("priority", 3), "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- DEFAULTS CHANGED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 5,
  "status" TEXT NOT NULL,
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT DEFAULT 'it''s \ ''new''',
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- UNIQUE KEY ADDED

CREATE UNIQUE INDEX "notes_title_key_e9c08cbd" ON "notes" ("title");

-- and back

DROP INDEX "notes_title_key_e9c08cbd";

-- UNIQUE KEY DROPPED

DROP INDEX "notes_title_key_e9c08cbd";

-- and back

CREATE UNIQUE INDEX "notes_title_key_e9c08cbd" ON "notes" ("title");

-- INDEX ADDED

CREATE INDEX "notes_status_priority_desc_idx_201c9157" ON "notes" ("status", "priority" DESC);

CREATE INDEX "by_body" ON "notes" ("body");

-- and back

DROP INDEX "by_body";

DROP INDEX "notes_status_priority_desc_idx_201c9157";

-- INDEX CHANGED

DROP INDEX "by_name";

CREATE INDEX "by_name" ON "notes" ("priority" DESC, "status");

-- and back

DROP INDEX "by_name";

CREATE INDEX "by_name" ON "notes" ("status");

-- SORT ORDER DROPPED

DROP INDEX "notes_title_id_idx_98461e6e";

-- and back

CREATE INDEX "notes_title_id_idx_98461e6e" ON "notes" ("title", "id");

-- FOREIGN KEY ADDED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- FOREIGN KEY CHANGED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE SET NULL
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");

-- FOREIGN KEY DROPPED

CREATE TABLE "joinery_new_comments" (
  "id" TEXT NOT NULL,
  "note_id" TEXT NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY ("id")
);

INSERT INTO "joinery_new_comments" ("id", "note_id") SELECT "id", "note_id" FROM "comments";

DROP TABLE "comments";

ALTER TABLE "joinery_new_comments" RENAME TO "comments";

CREATE INDEX "comments_note_id_idx_0e86cd88" ON "comments" ("note_id");

-- and back

CREATE TABLE "joinery_new_comments" (
  "id" TEXT NOT NULL,
  "note_id" TEXT NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "comments_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE CASCADE
);

INSERT INTO "joinery_new_comments" ("id", "note_id") SELECT "id", "note_id" FROM "comments";

DROP TABLE "comments";

ALTER TABLE "joinery_new_comments" RENAME TO "comments";

CREATE INDEX "comments_note_id_id_idx_e2d6ff2c" ON "comments" ("note_id", "id");

-- ENUM VALUE ADDED

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_6648f6e7" CHECK ("status" IN ('open', 'late', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- ENUM VALUE REMOVED

-- Loses: column notes.status no longer takes 'done'
CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_5d95144e" CHECK ("status" IN ('open'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- and back

CREATE TABLE "joinery_new_notes" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_notes" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "notes";

DROP TABLE "notes";

ALTER TABLE "joinery_new_notes" RENAME TO "notes";

-- TABLE ADDED

CREATE TABLE "labels" (
  "id" TEXT NOT NULL,
  "text" TEXT NOT NULL DEFAULT '''new''',
  "note_id" TEXT,
  "next_id" TEXT,
  CONSTRAINT "labels_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "labels_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE NO ACTION,
  CONSTRAINT "labels_next_id_fkey" FOREIGN KEY ("next_id") REFERENCES "labels" ("id") ON DELETE NO ACTION
);

CREATE INDEX "labels_note_id_id_idx_c57a6be8" ON "labels" ("note_id", "id");

CREATE INDEX "labels_next_id_id_idx_430b28aa" ON "labels" ("next_id", "id");

-- and back

DROP TABLE "labels";

-- TABLE DROPPED

-- Loses: table comments is dropped with its rows
DROP TABLE "comments";

-- and back

CREATE TABLE "comments" (
  "id" TEXT NOT NULL,
  "note_id" TEXT NOT NULL,
  CONSTRAINT "comments_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "comments_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON DELETE CASCADE
);

CREATE INDEX "comments_note_id_id_idx_e2d6ff2c" ON "comments" ("note_id", "id");

-- TABLE RENAMED

ALTER TABLE "notes" RENAME TO "pages";

CREATE TABLE "joinery_new_pages" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "pages_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "pages_status_check_e880a6f2" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_pages" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "pages";

DROP TABLE "pages";

ALTER TABLE "joinery_new_pages" RENAME TO "pages";

-- and back

CREATE TABLE "joinery_new_pages" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done'))
);

INSERT INTO "joinery_new_pages" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "pages";

DROP TABLE "pages";

ALTER TABLE "joinery_new_pages" RENAME TO "pages";

ALTER TABLE "pages" RENAME TO "notes";

-- SOFT DELETE ADDED

ALTER TABLE "notes" ADD COLUMN "deleted_at" DATETIME;

ALTER TABLE "notes" ADD COLUMN "deleted_by_id" TEXT;

CREATE INDEX "notes_title_id_idx_b8f6430b" ON "notes" ("title", "id") WHERE "deleted_at" IS NULL;

CREATE UNIQUE INDEX "notes_title_key_3edcd89b" ON "notes" ("title") WHERE "deleted_at" IS NULL;

-- and back

DROP INDEX "notes_title_key_3edcd89b";

DROP INDEX "notes_title_id_idx_b8f6430b";

ALTER TABLE "notes" DROP COLUMN "deleted_by_id";

ALTER TABLE "notes" DROP COLUMN "deleted_at";

-- EVERYTHING AT ONCE

ALTER TABLE "notes" RENAME TO "pages";

CREATE TABLE "joinery_new_pages" (
  "id" TEXT NOT NULL,
  "heading" TEXT NOT NULL,
  "priority" TEXT NOT NULL DEFAULT '3',
  "state" TEXT NOT NULL DEFAULT 'late',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "under" TEXT,
  CONSTRAINT "pages_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "pages_state_check_b0434894" CHECK ("state" IN ('open', 'done', 'late')),
  CONSTRAINT "pages_under_fkey" FOREIGN KEY ("under") REFERENCES "projects" ("id") ON DELETE NO ACTION
);

INSERT INTO "joinery_new_pages" ("id", "heading", "priority", "state", "price", "body", "under") SELECT "id", "title", "priority", "status", "price", "body", "project_id" FROM "pages";

DROP TABLE "pages";

ALTER TABLE "joinery_new_pages" RENAME TO "pages";

CREATE INDEX "pages_body_id_idx_4087c79a" ON "pages" ("body", "id");

CREATE INDEX "pages_under_id_idx_ab7c7b08" ON "pages" ("under", "id");

-- and back

CREATE TABLE "joinery_new_pages" (
  "id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "priority" INTEGER NOT NULL DEFAULT 3,
  "status" TEXT NOT NULL DEFAULT 'open',
  "price" DECIMAL(8,2) NOT NULL DEFAULT 0,
  "body" TEXT,
  "project_id" TEXT,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "notes_status_check_7b5d3929" CHECK ("status" IN ('open', 'done')),
  CONSTRAINT "notes_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE NO ACTION
);

INSERT INTO "joinery_new_pages" ("id", "title", "priority", "status", "price", "body", "project_id") SELECT "id", "heading", "priority", "state", "price", "body", "under" FROM "pages";

DROP TABLE "pages";

ALTER TABLE "joinery_new_pages" RENAME TO "pages";

ALTER TABLE "pages" RENAME TO "notes";

CREATE INDEX "notes_body_idx_d490cc26" ON "notes" ("body");

CREATE INDEX "notes_project_id_id_idx_e5b64971" ON "notes" ("project_id", "id");

CREATE INDEX "notes_title_id_idx_98461e6e" ON "notes" ("title", "id");

