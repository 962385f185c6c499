-- COLUMN ADDED

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `due` datetime(6) NULL;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `due`;

-- COLUMNS WITH DEFAULTS ADDED

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `votes` bigint NOT NULL DEFAULT 7;

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `since` datetime(6) NOT NULL DEFAULT '2026-01-02 03:04:05.000000';

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `data` json NOT NULL DEFAULT '{}';

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `data`;

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `since`;

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `votes`;

-- COLUMN WITHOUT DEFAULT ADDED

-- Loses: column notes.author is not null and has no default for the rows that are there: add one, or add it as a pointer first
-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `author` uuid NOT NULL;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `author`;

-- COLUMN RENAMED

-- joinery:repeatable
ALTER TABLE `notes` RENAME COLUMN IF EXISTS `title` TO `heading`;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_heading_id_idx_4c435c8e` ON `notes` (`heading`, `id`);

-- and back

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_heading_id_idx_4c435c8e` ON `notes`;

-- joinery:repeatable
ALTER TABLE `notes` RENAME COLUMN IF EXISTS `heading` TO `title`;

-- COLUMN DROPPED

-- Loses: column notes.title is dropped with its values
-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `title`;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `title` varchar(80) NOT NULL;

-- COLUMN RETYPED

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT 'none';

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` bigint(20) NOT NULL DEFAULT 3;

-- COLUMN WIDENED

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `price` decimal(12,3) NOT NULL DEFAULT 0;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `price` decimal(8,2) NOT NULL DEFAULT 0.00;

-- COLUMN NARROWED

-- Loses: column notes.title becomes bigint, which does not hold every varchar(80)
-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `title` bigint NOT NULL;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `title` varchar(80) NOT NULL;

-- COLUMN MADE NOT NULL

-- joinery:repeatable
UPDATE `notes` SET `body` = 'none' WHERE `body` IS NULL;

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT 'none';

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext DEFAULT NULL;

-- COLUMN MADE NOT NULL WITHOUT DEFAULT

-- Loses: column notes.body becomes not null and has no default for the rows without a value
-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext DEFAULT NULL;

-- COLUMN MADE NULLABLE

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` bigint NULL DEFAULT 3;

-- and back

-- joinery:repeatable
UPDATE `notes` SET `priority` = 3 WHERE `priority` IS NULL;

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` bigint(20) NOT NULL DEFAULT 3;

-- DEFAULTS CHANGED

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` bigint NOT NULL DEFAULT 5;

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `status` varchar(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL;

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NULL DEFAULT 'it''s \\ ''new''';

-- and back

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `body` longtext DEFAULT NULL;

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `status` varchar(4) NOT NULL DEFAULT 'open';

-- joinery:repeatable
ALTER TABLE `notes` MODIFY COLUMN `priority` bigint(20) NOT NULL DEFAULT 3;

-- UNIQUE KEY ADDED

-- joinery:repeatable
CREATE UNIQUE INDEX IF NOT EXISTS `notes_title_key_e9c08cbd` ON `notes` (`title`);

-- and back

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_key_e9c08cbd` ON `notes`;

-- UNIQUE KEY DROPPED

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_key_e9c08cbd` ON `notes`;

-- and back

-- joinery:repeatable
CREATE UNIQUE INDEX IF NOT EXISTS `notes_title_key_e9c08cbd` ON `notes` (`title`);

-- INDEX ADDED

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_status_priority_desc_idx_201c9157` ON `notes` (`status`, `priority` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `by_body` ON `notes` (`body`(191));

-- and back

-- joinery:repeatable
DROP INDEX IF EXISTS `by_body` ON `notes`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_status_priority_desc_idx_201c9157` ON `notes`;

-- INDEX CHANGED

-- joinery:repeatable
DROP INDEX IF EXISTS `by_name` ON `notes`;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `by_name` ON `notes` (`priority` DESC, `status`);

-- and back

-- joinery:repeatable
DROP INDEX IF EXISTS `by_name` ON `notes`;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `by_name` ON `notes` (`status`);

-- SORT ORDER DROPPED

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_id_idx_98461e6e` ON `notes`;

-- and back

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_title_id_idx_98461e6e` ON `notes` (`title`,`id`);

-- FOREIGN KEY ADDED

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_id_idx_e5b64971` ON `notes` (`project_id`, `id`);

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT `notes_project_id_fkey` FOREIGN KEY IF NOT EXISTS (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP FOREIGN KEY IF EXISTS `notes_project_id_fkey`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_project_id_id_idx_e5b64971` ON `notes`;

-- FOREIGN KEY CHANGED

-- joinery:repeatable
ALTER TABLE `notes` DROP FOREIGN KEY IF EXISTS `notes_project_id_fkey`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT `notes_project_id_fkey` FOREIGN KEY IF NOT EXISTS (`project_id`) REFERENCES `projects` (`id`) ON DELETE SET NULL;

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP FOREIGN KEY IF EXISTS `notes_project_id_fkey`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT `notes_project_id_fkey` FOREIGN KEY IF NOT EXISTS (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE;

-- FOREIGN KEY DROPPED

-- joinery:repeatable
ALTER TABLE `comments` DROP FOREIGN KEY IF EXISTS `comments_note_id_fkey`;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `comments_note_id_idx_0e86cd88` ON `comments` (`note_id`);

-- joinery:repeatable
DROP INDEX IF EXISTS `comments_note_id_id_idx_e2d6ff2c` ON `comments`;

-- and back

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `comments_note_id_id_idx_e2d6ff2c` ON `comments` (`note_id`,`id`);

-- joinery:repeatable
DROP INDEX IF EXISTS `comments_note_id_idx_0e86cd88` ON `comments`;

-- joinery:repeatable
ALTER TABLE `comments` ADD CONSTRAINT `comments_note_id_fkey` FOREIGN KEY IF NOT EXISTS (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE;

-- ENUM VALUE ADDED

-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_7b5d3929`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_6648f6e7` CHECK (`status` IN ('open', 'late', 'done'));

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_6648f6e7`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_7b5d3929` CHECK (`status` in ('open','done'));

-- ENUM VALUE REMOVED

-- Loses: column notes.status no longer takes 'done'
-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_7b5d3929`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_5d95144e` CHECK (`status` IN ('open'));

-- and back

-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_5d95144e`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_7b5d3929` CHECK (`status` in ('open','done'));

-- TABLE ADDED

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `labels` (
  `id` uuid NOT NULL,
  `text` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '''new''',
  `note_id` uuid NULL,
  `next_id` uuid NULL,
  CONSTRAINT `labels_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `labels_note_id_fkey` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `labels_next_id_fkey` FOREIGN KEY (`next_id`) REFERENCES `labels` (`id`) ON DELETE NO ACTION
) COMMENT 'It''s \\ one.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `labels_note_id_id_idx_c57a6be8` ON `labels` (`note_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `labels_next_id_id_idx_430b28aa` ON `labels` (`next_id`, `id`);

-- and back

-- joinery:repeatable
DROP TABLE IF EXISTS `labels`;

-- TABLE DROPPED

-- Loses: table comments is dropped with its rows
-- joinery:repeatable
ALTER TABLE `comments` DROP FOREIGN KEY IF EXISTS `comments_note_id_fkey`;

-- joinery:repeatable
DROP TABLE IF EXISTS `comments`;

-- and back

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `comments` (
  `id` uuid NOT NULL,
  `note_id` uuid NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `comments_note_id_id_idx_e2d6ff2c` ON `comments` (`note_id`,`id`);

-- joinery:repeatable
ALTER TABLE `comments` ADD CONSTRAINT `comments_note_id_fkey` FOREIGN KEY IF NOT EXISTS (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE;

-- TABLE RENAMED

-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_7b5d3929`;

-- joinery:repeatable
RENAME TABLE IF EXISTS `notes` TO `pages`;

-- joinery:repeatable
ALTER TABLE `pages` ADD CONSTRAINT IF NOT EXISTS `pages_status_check_e880a6f2` CHECK (`status` IN ('open', 'done'));

-- joinery:repeatable
ALTER TABLE `pages` COMMENT 'Pages.';

-- and back

-- joinery:repeatable
ALTER TABLE `pages` COMMENT '';

-- joinery:repeatable
ALTER TABLE `pages` DROP CONSTRAINT IF EXISTS `pages_status_check_e880a6f2`;

-- joinery:repeatable
RENAME TABLE IF EXISTS `pages` TO `notes`;

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_7b5d3929` CHECK (`status` in ('open','done'));

-- COMMENT CHANGED

-- joinery:repeatable
ALTER TABLE `notes` COMMENT 'It''s \\ new.';

-- and back

-- joinery:repeatable
ALTER TABLE `notes` COMMENT 'Old.';

-- SOFT DELETE ADDED

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `deleted_at` datetime(6) NULL;

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `deleted_by_id` uuid NULL;

-- joinery:repeatable
ALTER TABLE `notes` ADD COLUMN IF NOT EXISTS `joinery_live` tinyint AS (IF(`deleted_at` IS NULL, 1, NULL)) VIRTUAL INVISIBLE;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_title_id_idx_b8f6430b` ON `notes` (`deleted_at`, `title`, `id`);

-- joinery:repeatable
CREATE UNIQUE INDEX IF NOT EXISTS `notes_title_key_3edcd89b` ON `notes` (`title`, `joinery_live`);

-- and back

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_key_3edcd89b` ON `notes`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_id_idx_b8f6430b` ON `notes`;

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `joinery_live`;

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `deleted_by_id`;

-- joinery:repeatable
ALTER TABLE `notes` DROP COLUMN IF EXISTS `deleted_at`;

-- EVERYTHING AT ONCE

-- joinery:repeatable
ALTER TABLE `notes` DROP FOREIGN KEY IF EXISTS `notes_project_id_fkey`;

-- joinery:repeatable
ALTER TABLE `notes` DROP CONSTRAINT IF EXISTS `notes_status_check_7b5d3929`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_body_idx_d490cc26` ON `notes`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_project_id_id_idx_e5b64971` ON `notes`;

-- joinery:repeatable
DROP INDEX IF EXISTS `notes_title_id_idx_98461e6e` ON `notes`;

-- joinery:repeatable
RENAME TABLE IF EXISTS `notes` TO `pages`;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `title` TO `heading`;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `status` TO `state`;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `project_id` TO `under`;

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `heading` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL;

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `priority` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '3';

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `state` varchar(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT 'late';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `pages_under_id_idx_ab7c7b08` ON `pages` (`under`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `pages_body_id_idx_4087c79a` ON `pages` (`body`(191), `id`);

-- joinery:repeatable
ALTER TABLE `pages` ADD CONSTRAINT IF NOT EXISTS `pages_state_check_b0434894` CHECK (`state` IN ('open', 'done', 'late'));

-- joinery:repeatable
ALTER TABLE `pages` ADD CONSTRAINT `pages_under_fkey` FOREIGN KEY IF NOT EXISTS (`under`) REFERENCES `projects` (`id`) ON DELETE NO ACTION;

-- joinery:repeatable
ALTER TABLE `pages` COMMENT 'Pages.';

-- and back

-- joinery:repeatable
ALTER TABLE `pages` COMMENT '';

-- joinery:repeatable
ALTER TABLE `pages` DROP FOREIGN KEY IF EXISTS `pages_under_fkey`;

-- joinery:repeatable
ALTER TABLE `pages` DROP CONSTRAINT IF EXISTS `pages_state_check_b0434894`;

-- joinery:repeatable
DROP INDEX IF EXISTS `pages_body_id_idx_4087c79a` ON `pages`;

-- joinery:repeatable
DROP INDEX IF EXISTS `pages_under_id_idx_ab7c7b08` ON `pages`;

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `state` varchar(4) NOT NULL DEFAULT 'open';

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `priority` bigint(20) NOT NULL DEFAULT 3;

-- joinery:repeatable
ALTER TABLE `pages` MODIFY COLUMN `heading` varchar(80) NOT NULL;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `under` TO `project_id`;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `state` TO `status`;

-- joinery:repeatable
ALTER TABLE `pages` RENAME COLUMN IF EXISTS `heading` TO `title`;

-- joinery:repeatable
RENAME TABLE IF EXISTS `pages` TO `notes`;

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_title_id_idx_98461e6e` ON `notes` (`title`,`id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_id_idx_e5b64971` ON `notes` (`project_id`,`id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_body_idx_d490cc26` ON `notes` (`body`(191));

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT IF NOT EXISTS `notes_status_check_7b5d3929` CHECK (`status` in ('open','done'));

-- joinery:repeatable
ALTER TABLE `notes` ADD CONSTRAINT `notes_project_id_fkey` FOREIGN KEY IF NOT EXISTS (`project_id`) REFERENCES `projects` (`id`) ON DELETE NO ACTION;

