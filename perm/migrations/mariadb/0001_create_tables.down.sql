-- joinery:repeatable
DROP TABLE IF EXISTS `grants`;
-- joinery:repeatable
DROP TABLE IF EXISTS `memberships`;
-- joinery:repeatable
DROP TABLE IF EXISTS `roles`;
-- joinery:repeatable
DROP TABLE IF EXISTS `teams`;
