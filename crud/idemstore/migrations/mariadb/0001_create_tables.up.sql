-- joinery:repeatable
CREATE TABLE IF NOT EXISTS `idempotency_keys` (
  `id` uuid NOT NULL,
  `key_text` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `request` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `holder` uuid NOT NULL,
  `held_until` datetime(6) NOT NULL,
  `expires_at` datetime(6) NOT NULL,
  `answer` longblob NULL,
  CONSTRAINT `idempotency_keys_pkey` PRIMARY KEY (`id`)
) COMMENT 'Keys of writes, with the answers that a repeated write gets.';

-- joinery:repeatable
CREATE INDEX IF NOT EXISTS `idempotency_keys_expires_at_idx_c8d83d05` ON `idempotency_keys` (`expires_at`);

-- joinery:repeatable
CREATE UNIQUE INDEX IF NOT EXISTS `idempotency_keys_key_text_key_556d0784` ON `idempotency_keys` (`key_text`);
