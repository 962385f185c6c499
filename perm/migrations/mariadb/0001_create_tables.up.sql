-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `teams` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `name` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `parent_id` uuid NULL,
  CONSTRAINT `teams_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `teams_parent_id_fkey` FOREIGN KEY (`parent_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION
) COMMENT 'Groups of people, as trees.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `teams_created_by_id_id_idx_d49e5bde` ON `teams` (`created_by_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `teams_created_by_id_name_id_idx_f9dbe60e` ON `teams` (`created_by_id`, `deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `teams_parent_id_id_idx_60bc17e3` ON `teams` (`parent_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `teams_name_id_idx_f16a4370` ON `teams` (`deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `teams_parent_id_idx_846dba28` ON `teams` (`deleted_at`, `parent_id`);

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `roles` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `name` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `team_id` uuid NULL,
  `parent_id` uuid NULL,
  `actions` bigint NOT NULL,
  CONSTRAINT `roles_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `roles_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `roles_parent_id_fkey` FOREIGN KEY (`parent_id`) REFERENCES `roles` (`id`) ON DELETE NO ACTION
) COMMENT 'Named sets of actions, as trees.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_created_by_id_id_idx_b86452f1` ON `roles` (`created_by_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_created_by_id_name_id_idx_c5382c13` ON `roles` (`created_by_id`, `deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_team_id_id_idx_ac5a22f2` ON `roles` (`team_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_parent_id_id_idx_078c61d0` ON `roles` (`parent_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_name_id_idx_8679482e` ON `roles` (`deleted_at`, `name`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_parent_id_idx_d8369cf3` ON `roles` (`deleted_at`, `parent_id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `roles_team_id_idx_5346cf97` ON `roles` (`deleted_at`, `team_id`);

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `memberships` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `team_id` uuid NOT NULL,
  `member_id` uuid NOT NULL,
  `role_id` uuid NOT NULL,
  `expires_at` datetime(6) NULL,
  `disabled_at` datetime(6) NULL,
  `joinery_live` tinyint AS (IF(`deleted_at` IS NULL, 1, NULL)) VIRTUAL INVISIBLE,
  CONSTRAINT `memberships_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `memberships_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `memberships_role_id_fkey` FOREIGN KEY (`role_id`) REFERENCES `roles` (`id`) ON DELETE NO ACTION
) COMMENT 'Who is in which team, with which role.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `memberships_created_by_id_id_idx_60a9bea8` ON `memberships` (`created_by_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `memberships_team_id_id_idx_5c22340e` ON `memberships` (`team_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `memberships_role_id_id_idx_549ac2b9` ON `memberships` (`role_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `memberships_team_id_idx_382f7f6a` ON `memberships` (`deleted_at`, `team_id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `memberships_role_id_idx_be8a1a05` ON `memberships` (`deleted_at`, `role_id`);

-- joinery:repeatable
CREATE UNIQUE INDEX IF NOT EXISTS `memberships_member_id_team_id_role_id_key_30314a42` ON `memberships` (`member_id`, `team_id`, `role_id`, `joinery_live`);

-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `grants` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `updated_at` datetime(6) NOT NULL,
  `updated_by_id` uuid NULL,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `model` varchar(63) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `row_id` uuid NOT NULL,
  `actions` bigint NOT NULL,
  `expires_at` datetime(6) NULL,
  `member_id` uuid NULL,
  `team_id` uuid NULL,
  `role_id` uuid NULL,
  CONSTRAINT `grants_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `grants_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `grants_role_id_fkey` FOREIGN KEY (`role_id`) REFERENCES `roles` (`id`) ON DELETE NO ACTION
) COMMENT 'What single rows are shared with whom.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_created_by_id_id_idx_beaf6577` ON `grants` (`created_by_id`, `deleted_at`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_team_id_id_idx_63f5623b` ON `grants` (`team_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_role_id_id_idx_dfc48433` ON `grants` (`role_id`, `id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_model_row_id_idx_aa15f3b0` ON `grants` (`deleted_at`, `model`, `row_id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_member_id_model_row_id_idx_6be0e7ee` ON `grants` (`deleted_at`, `member_id`, `model`, `row_id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_team_id_model_row_id_idx_e322889b` ON `grants` (`deleted_at`, `team_id`, `model`, `row_id`);

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `grants_role_id_team_id_model_row_id_idx_bf3cd728` ON `grants` (`deleted_at`, `role_id`, `team_id`, `model`, `row_id`);
