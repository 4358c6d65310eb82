// SPDX-License-Identifier: Apache-2.0
// Owns: the craving curve of a session with its steps, levels and the marks of the rules that ended them. Shape and label say what
// colour says. Private to reports/.
#pragma once

#include "clinician/records/projection.h"
#include "clinician/reports/page.h"
#include "clinician/reports/report_texts.h"

namespace accalmie::reports {

struct Frame {
    float x = 0, y = 0, width = 0, height = 0;
};

Colour tint_of(std::optional<protocols::StepKind> kind);
std::optional<protocols::StepKind> kind_of(const records::SessionRecord& record, int step);
std::string title_of(const records::SessionRecord& record, int step, std::string_view language);
// Whether the change into this segment is one that the clinician wants to see marked: a rule, a ceiling, a hand, a fault.
bool is_marked(const records::SessionRecord& record, std::size_t segment);

void draw_craving_plot(Page& page, const Frame& frame, const records::SessionRecord& record, const Texts& texts);

}  // namespace accalmie::reports
