#!/usr/bin/env bash
echo "0 passed, 1 failed"; exit 1
