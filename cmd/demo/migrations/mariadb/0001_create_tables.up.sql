-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `projects` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `user_id` uuid NULL,
  `team_id` uuid NULL,
  `name` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `description` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  CONSTRAINT `projects_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `projects_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION
) COMMENT 'Gather notes; public to view.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_user_id_id_idx_e47c25dd` ON `projects` (`user_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_user_id_name_id_idx_199d8262` ON `projects` (`user_id`, `deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_created_by_id_id_idx_ebc0e760` ON `projects` (`created_by_id`, `deleted_at`, `user_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_created_by_id_name_id_idx_5327d6f8` ON `projects` (`created_by_id`, `deleted_at`, `user_id`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_team_id_id_idx_b11eac08` ON `projects` (`team_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_team_id_name_id_idx_ed23a3f1` ON `projects` (`team_id`, `deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `projects_name_id_idx_55b9a1c9` ON `projects` (`deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `notes` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `user_id` uuid NULL,
  `team_id` uuid NULL,
  `title` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `body` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `status` varchar(4) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT 'open',
  `priority` bigint NOT NULL,
  `due_at` datetime(6) NULL,
  `project_id` uuid NULL,
  CONSTRAINT `notes_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `notes_status_check_7b5d3929` CHECK (`status` IN ('open', 'done')),
  CONSTRAINT `notes_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `notes_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE NO ACTION
) COMMENT 'Things to do or to remember.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_id_idx_08ac375c` ON `notes` (`user_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_title_id_idx_e971dbb0` ON `notes` (`user_id`, `deleted_at`, `title`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_status_id_idx_b50879b8` ON `notes` (`user_id`, `deleted_at`, `status`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_status_priority_desc_id_desc_idx_4d9e5bb7` ON `notes` (`user_id`, `deleted_at`, `status`, `priority` DESC, `id` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_priority_id_idx_42f474de` ON `notes` (`user_id`, `deleted_at`, `priority`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_user_id_due_at_id_idx_a5377ee0` ON `notes` (`user_id`, `deleted_at`, `due_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_id_idx_839f5fa4` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_title_id_idx_8c2bdce1` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `title`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_status_id_idx_540a9f96` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `status`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_status_priority_desc_id_desc_idx_68febf44` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `status`, `priority` DESC, `id` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_priority_id_idx_c6a8eb4d` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `priority`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_created_by_id_due_at_id_idx_9c0464dd` ON `notes` (`created_by_id`, `deleted_at`, `user_id`, `due_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_id_idx_1b47b510` ON `notes` (`team_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_title_id_idx_45fe0baa` ON `notes` (`team_id`, `deleted_at`, `title`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_status_id_idx_459773c1` ON `notes` (`team_id`, `deleted_at`, `status`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_status_priority_desc_id_desc_idx_4de1e89c` ON `notes` (`team_id`, `deleted_at`, `status`, `priority` DESC, `id` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_priority_id_idx_07109617` ON `notes` (`team_id`, `deleted_at`, `priority`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_team_id_due_at_id_idx_0aba4099` ON `notes` (`team_id`, `deleted_at`, `due_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_title_id_idx_310a6982` ON `notes` (`project_id`, `deleted_at`, `title`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_status_id_idx_afe6690f` ON `notes` (`project_id`, `deleted_at`, `status`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_status_priority_desc_id_desc_idx_1923251f` ON `notes` (`project_id`, `deleted_at`, `status`, `priority` DESC, `id` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_priority_id_idx_0776223f` ON `notes` (`project_id`, `deleted_at`, `priority`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_due_at_id_idx_6247e66c` ON `notes` (`project_id`, `deleted_at`, `due_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_project_id_id_idx_e5b64971` ON `notes` (`project_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_title_id_idx_b8f6430b` ON `notes` (`deleted_at`, `title`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_status_id_idx_f7650fd5` ON `notes` (`deleted_at`, `status`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_status_priority_desc_id_desc_idx_aa6679ad` ON `notes` (`deleted_at`, `status`, `priority` DESC, `id` DESC);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_priority_id_idx_991f3e93` ON `notes` (`deleted_at`, `priority`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `notes_due_at_id_idx_22407b64` ON `notes` (`deleted_at`, `due_at`, `id`);

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `comments` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `note_id` uuid NOT NULL,
  `text` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  CONSTRAINT `comments_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `comments_note_id_fkey` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE NO ACTION
) COMMENT 'Remarks on notes.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `comments_created_by_id_id_idx_d9301a8e` ON `comments` (`created_by_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `comments_note_id_id_idx_e2d6ff2c` ON `comments` (`note_id`, `id`);
