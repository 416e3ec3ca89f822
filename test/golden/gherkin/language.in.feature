# language: dee
Funktionalität: Laden
