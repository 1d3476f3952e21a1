//! Which statement is about which incident.

use crate::extract::Analysis;

/// Links statements to the incidents they are about; runs after the incidents are known.
pub fn link_statements(a: &mut Analysis<'_>) {
    let doc = &a.doc;
    let incidents = &a.incidents;
    for s in &mut a.statements {
        s.about = incidents
            .iter()
            .enumerate()
            .filter(|(_, incident)| {
                incident.triggers.iter().any(|&(t, _)| {
                    let at = doc.span(t);
                    s.content.iter().any(|c| c.overlaps(at)) || s.object.is_some_and(|o| o.overlaps(t))
                })
            })
            .map(|(index, _)| index)
            .collect();
    }
}
