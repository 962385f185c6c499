CREATE TABLE `authors` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `best_id` uuid NULL,
  `pen` varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  CONSTRAINT `authors_pkey` PRIMARY KEY (`id`)
);
CREATE INDEX `authors_created_by_id_id_idx_97d8871c` ON `authors` (`created_by_id`, `id`);
CREATE INDEX `authors_best_id_id_idx_c6996dc7` ON `authors` (`best_id`, `id`);
CREATE UNIQUE INDEX `authors_pen_key_adbff80f` ON `authors` (`pen`);
CREATE TABLE `books` (
  `id` uuid NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `created_by_id` uuid NULL,
  `version` bigint NOT NULL DEFAULT 1,
  `deleted_at` datetime(6) NULL,
  `deleted_by_id` uuid NULL,
  `author_id` uuid NOT NULL,
  `grade` bigint NOT NULL DEFAULT 2,
  `mood` varchar(7) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  CONSTRAINT `books_pkey` PRIMARY KEY (`id`),
  CONSTRAINT `books_grade_check_695f1c10` CHECK (`grade` IN (1, 2, 3)),
  CONSTRAINT `books_mood_check_0124bcaf` CHECK (`mood` IN ('so good', 'bad\\', '')),
  CONSTRAINT `books_author_id_fkey` FOREIGN KEY (`author_id`) REFERENCES `authors` (`id`) ON DELETE NO ACTION
);
CREATE INDEX `books_created_by_id_id_idx_2744867b` ON `books` (`created_by_id`, `deleted_at`, `id`);
CREATE INDEX `books_author_id_id_idx_2683f79a` ON `books` (`author_id`, `id`);
CREATE INDEX `books_mood_idx_cdc7e18d` ON `books` (`deleted_at`, `mood`);
ALTER TABLE `authors` ADD CONSTRAINT `authors_best_id_fkey` FOREIGN KEY (`best_id`) REFERENCES `books` (`id`) ON DELETE SET NULL;
