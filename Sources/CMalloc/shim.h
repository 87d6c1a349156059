#pragma once
// mallopt(3), which the system's Swift module leaves out.
#include <malloc.h>
