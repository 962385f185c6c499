CREATE TABLE `The "old" one's things` (
  `legacy_key` uuid NOT NULL,
  `holder` uuid NOT NULL,
  `group` uuid NULL,
  `rev` bigint NOT NULL,
  `gone` datetime(6) NULL,
  `team_id` uuid NOT NULL,
  `plain` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `joinery_live` tinyint AS (IF(`gone` IS NULL, 1, NULL)) VIRTUAL INVISIBLE,
  CONSTRAINT `The "old" one's things_pkey` PRIMARY KEY (`legacy_key`)
) COMMENT 'It''s old.';
CREATE INDEX `The "old" one's things_holder_legacy_key_idx_e945bcff` ON `The "old" one's things` (`holder`, `gone`, `legacy_key`);
CREATE INDEX `The "old" one's things_group_legacy_key_idx_a455a792` ON `The "old" one's things` (`group`, `gone`, `legacy_key`);
CREATE INDEX `by rev` ON `The "old" one's things` (`gone`, `rev`, `plain`(191) DESC);
CREATE UNIQUE INDEX `The "old" one's things_team_id_holder_key_60e1bf9e` ON `The "old" one's things` (`team_id`, `holder`, `joinery_live`);
