// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/work_view.h"

namespace accalmie::console {
namespace {

class View : public WorkView {
public:
    std::string_view id() const override { return "diary"; }
    records::Right right() const override { return records::Right::read_clinical; }
    Result<void> load(const WorkContext&) override { return {}; }
    void draw(Ui&, Rect) override {}
};

}  // namespace

std::unique_ptr<WorkView> make_diary_view() { return std::make_unique<View>(); }

}  // namespace accalmie::console
