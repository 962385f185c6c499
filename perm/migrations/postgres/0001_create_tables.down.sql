DROP TABLE "grants";
DROP TABLE "memberships";
DROP TABLE "roles";
DROP TABLE "teams";
