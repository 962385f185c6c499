-- joinery:repeatable
DROP TABLE IF EXISTS `comments`;

-- joinery:repeatable
DROP TABLE IF EXISTS `notes`;

-- joinery:repeatable
DROP TABLE IF EXISTS `projects`;
