// SPDX-License-Identifier: Apache-2.0
// Owns: a mesh of hidden pixels as messages and back: a headset's may be larger than one message. Never: sends or draws. Thread: any.
#pragma once

#include <optional>
#include <vector>

#include "engine/xr/hidden_mesh.h"
#include "engine/xr/session.h"
#include "scenes/link/messages.h"

namespace accalmie::link {

// At least one part, also of an empty mesh.
std::vector<HiddenMeshPart> parts_of(const xr::HiddenMesh& mesh);

class HiddenMeshParts {
public:
    // False: a part that belongs to no mesh, or does not follow the one before it; what there was of the mesh is dropped.
    bool take(const HiddenMeshPart& part);
    // The mesh, once, when its last part was taken.
    std::optional<xr::HiddenMesh> whole();

private:
    xr::HiddenMesh mesh_;
    std::size_t left_points_ = 0, right_points_ = 0;
    bool begun_ = false;
};

}  // namespace accalmie::link
