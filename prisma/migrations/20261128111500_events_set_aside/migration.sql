-- A buyer of the older style may leave before AWS said that they came: such a license ends, and nothing of it is sealed.
ALTER TABLE license DROP CONSTRAINT license_active_since,
  ADD CONSTRAINT license_active_since CHECK (state IN ('pending', 'ending', 'ended') OR activated_at IS NOT NULL);

-- An event that can never be applied is set aside, so that nobody waits for it.
ALTER TABLE lifecycle_event DROP CONSTRAINT lifecycle_event_state,
  ADD CONSTRAINT lifecycle_event_state CHECK (state IN ('received', 'waiting', 'applied', 'kept', 'failed'));
