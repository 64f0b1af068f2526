-- A city of several districts: what they share. Runs as cc_owner with search_path = cc.

-- Whose catalogue, channels, office hours, calendar and scenarios hold here: the district's own, or those of the city above it,
-- which then has a row of its own.
alter table district add column shared_id int;
update district set shared_id = district_id;
alter table district alter column shared_id set not null;
